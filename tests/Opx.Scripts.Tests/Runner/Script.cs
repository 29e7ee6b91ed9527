using System.Diagnostics;

namespace Opx.Scripts.Tests.Runner;

/// <summary>
/// One script file. Lines of its opening comment may say <c># needs root</c>, <c># needs linux</c>, <c># needs program NAME</c> and
/// <c># seconds: N</c>.
/// </summary>
internal sealed record Script(string File, int Number, bool NeedsRoot, bool NeedsLinux, IReadOnlyList<string> NeedsPrograms, TimeSpan Limit)
{
    private const string Program = "# needs program ";

    private static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(60);

    public static async Task<Script> Load(string file, int number)
    {
        var opening = (await System.IO.File.ReadAllLinesAsync(file)).TakeWhile(line => line.StartsWith('#')).ToList();
        var seconds = opening.Find(line => line.StartsWith("# seconds: ", StringComparison.Ordinal));
        return new(
            file,
            number,
            opening.Contains("# needs root"),
            opening.Contains("# needs linux"),
            [.. opening.Where(line => line.StartsWith(Program, StringComparison.Ordinal)).Select(line => line[Program.Length..])],
            (seconds is null ? UsualLimit : TimeSpan.FromSeconds(int.Parse(seconds["# seconds: ".Length..]))) * Chaos.Times + TimeSpan.FromSeconds(Chaos.Soak));
    }

    /// <summary>Runs the script in a scratch home of its own; null, or everything there is to know about its failure.</summary>
    public async Task<string?> Run(Kit kit, CancellationToken cancelled)
    {
        var scratch = await Scratch.Make(kit, this);
        try
        {
            var outcome = await Finish(Start(kit, scratch), cancelled);
            var left = await scratch.LeftBehind();
            if (outcome == "exit 77" && left.Length == 0)
                Assert.Skip($"{Path.GetFileName(File)}: {(await scratch.Log()).TrimEnd().Split('\n')[^1]}");
            if (outcome == "exit 0" && left.Length == 0)
            {
                if (Chaos.Says)
                    Console.WriteLine($"{Path.GetFileName(File)}:\n{await scratch.Log()}");
                return null;
            }

            return $"{Path.GetFileName(File)}: {outcome}\n{left}{await scratch.Log()}";
        }
        finally
        {
            await scratch.Remove();
        }
    }

    private Process Start(Kit kit, Scratch scratch)
    {
        // Output goes to a file: a pipe would have to be read to its end, which a daemon that inherited it could keep from coming.
        string[] run = ["/bin/sh", "-eu", "-c", """exec >"$3" 2>&1 </dev/null; . "$1"; . "$2" """, "sh",
            Path.Combine(kit.Directory, "prelude.sh"), scratch.ScriptFile, scratch.LogFile];

        // .NET ignores SIGPIPE, and what is ignored is inherited: a script starts as from a shell. (macOS has no env that could.)
        if (OperatingSystem.IsLinux())
            run = ["env", "--default-signal=PIPE", .. run];
        if (Identity.IsRoot && !NeedsRoot)
            run = ["setpriv", $"--reuid={scratch.Me}", $"--regid={scratch.Me}", "--clear-groups", .. run];
        var start = new ProcessStartInfo(run[0], run[1..]);
        start.WorkingDirectory = scratch.Work;
        start.Environment.Clear();
        foreach (var (name, value) in scratch.Environment(kit))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private async Task<string> Finish(Process process, CancellationToken cancelled)
    {
        using (process)
        using (var limit = new CancellationTokenSource(Limit, TimeProvider.System))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancelled))
        {
            try
            {
                await process.WaitForExitAsync(either.Token);
                return $"exit {process.ExitCode}";
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return $"was still running after {Limit.TotalSeconds} s and was killed";
            }
        }
    }
}
