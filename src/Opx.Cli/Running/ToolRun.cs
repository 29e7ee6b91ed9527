using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Opx.Protocol.Interop;

namespace Opx.Cli.Running;

/// <summary>A short run of a program of the system's, to its end: what it printed, and how it ended. No shell reads its arguments.</summary>
/// <param name="ExitCode">128 and the signal's number where one ended it; 127 where it could not be started.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed partial record ToolRun(int ExitCode, string Output, string Errors)
{
    private const int MostBytes = 1024 * 1024;

    public bool Succeeded => ExitCode == 0;

    /// <summary>The first line that says something, for a message.</summary>
    public string Complaint => (Errors + "\n" + Output).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .FirstOrDefault() ?? $"exit {ExitCode}";

    public static unsafe ToolRun Of(string program, params string[] arguments)
    {
        using var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using var errors = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using var words = NativeStrings.Of([program, .. arguments]);
        using var start = new ProcessStart();
        start.Open(0, "/dev/null", 0);
        start.Duplicate((int)output.ClientSafePipeHandle.DangerousGetHandle(), 1);
        start.Duplicate((int)errors.ClientSafePipeHandle.DangerousGetHandle(), 2);
        start.CloseFrom(3);
        SystemTrustStore.Restore();
        var failure = start.Start(program, words.Pointer, NativeEnvironment.Pointer(), out var processId);
        if (failure != 0)
            return new ToolRun(Opx.Cli.Output.ExitCode.CommandNotFound, "", Marshal.GetPInvokeErrorMessage(failure));
        output.DisposeLocalCopyOfClientHandle();
        errors.DisposeLocalCopyOfClientHandle();

        // Both at once: one that is not read fills up and the program waits.
        var complaints = "";
        var other = new Thread(() => complaints = Text(errors), 256 * 1024);
        other.Start();
        var printed = Text(output);
        other.Join();
        return new ToolRun(ExitStatus.Of(processId), printed, complaints);
    }

    private static string Text(AnonymousPipeServerStream pipe)
    {
        var text = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = pipe.Read(buffer)) > 0;)
        {
            if (text.Length < MostBytes)
                text.Write(buffer, 0, count);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
