using System.Diagnostics;

namespace Opx.Scripts.Tests.Runner;

/// <summary>The runner's own errands: a few lines of sh with arguments, which must succeed.</summary>
internal static class Shell
{
    public static async Task<string> Run(string lines, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-eu", "-c", lines, "sh", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"exit {process.ExitCode}: {await error}\n{lines}");
    }
}
