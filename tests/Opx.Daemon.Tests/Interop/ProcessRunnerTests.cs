using System.Runtime.InteropServices;
using System.Text;
using Opx.Daemon.Interop;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Tests.Interop;

[Collection(RealProcesses.Name)]
public sealed partial class ProcessRunnerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ProcessRunner _runner = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("run").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Output_comes_back_byte_for_byte()
    {
        using var result = await ShAsync(@"printf 'a\000b\377\n\n'; printf 'e\n' >&2");

        Assert.Equal((ProcessEnd.Exited, 0), (result.End, result.Code));
        Assert.Equal("a\0b"u8.ToArray().Concat(new byte[] { 0xff, 10, 10 }), result.Output.Bytes.ToArray());
        Assert.Equal("e\n", Text(result.Errors.Bytes));
    }

    [Fact]
    public async Task Megabytes_come_whole()
    {
        using var result = await ShAsync("head -c 5000000 /dev/zero | tr '\\0' x; echo end");

        Assert.Equal(5_000_004, result.Output.Length);
        Assert.EndsWith("xend\n", Text(result.Output.Bytes));
    }

    [Fact]
    public async Task More_output_than_the_limit_ends_the_process()
    {
        using var result = await ShAsync("yes", outputLimit: 100_000).WaitAsync(Patience, Cancellation);

        Assert.Equal(ProcessEnd.TooMuchOutput, result.End);
        Assert.InRange(result.Output.Length, 100_001, 300_000);
    }

    [Fact]
    public async Task Output_of_exactly_the_limit_is_not_too_much()
    {
        using var result = await ShAsync("printf 1234", outputLimit: 4);

        Assert.Equal(ProcessEnd.Exited, result.End);
        Assert.Equal("1234", Text(result.Output.Bytes));
    }

    [Fact]
    public async Task Errors_beyond_their_limit_are_dropped_without_stopping_the_process()
    {
        using var result = await ShAsync("head -c 5000000 /dev/zero >&2; echo done").WaitAsync(Patience, Cancellation);

        Assert.True(result.Succeeded);
        Assert.Equal("done\n", Text(result.Output.Bytes));
        Assert.InRange(result.Errors.Length, 64 * 1024, 256 * 1024);
    }

    [Fact]
    public async Task An_exit_status_and_a_signal_are_told_apart()
    {
        using var exited = await ShAsync("exit 137");
        using var killed = await ShAsync("kill -9 $$");

        Assert.Equal((ProcessEnd.Exited, 137), (exited.End, exited.Code));
        Assert.Equal((ProcessEnd.Signalled, 9), (killed.End, killed.Code));
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_an_error_number()
    {
        var plain = Path.Combine(_directory, "plain");
        await File.WriteAllTextAsync(plain, "#!/bin/sh\n", Cancellation);
        using var missing = await _runner.RunAsync(Command("/nonexistent/op"), Cancellation);
        using var notExecutable = await _runner.RunAsync(Command(plain), Cancellation);
        using var tooBig = await _runner.RunAsync(Command("/bin/sh", "-c", new string('x', 5_000_000)), Cancellation);

        Assert.Equal((ProcessEnd.NotStarted, Errno.NoEntry), (missing.End, missing.Code));
        Assert.Equal((ProcessEnd.NotStarted, Errno.Access), (notExecutable.End, notExecutable.Code));
        Assert.Equal((ProcessEnd.NotStarted, Errno.TooBig), (tooBig.End, tooBig.Code));
    }

    [Fact]
    public async Task Standard_input_is_at_its_end()
    {
        using var result = await ShAsync("cat; echo end").WaitAsync(Patience, Cancellation);

        Assert.Equal("end\n", Text(result.Output.Bytes));
    }

    [Fact]
    public async Task A_child_has_a_group_of_its_own()
    {
        using var result = await ShAsync("kill -0 -$$ && echo own");

        Assert.Equal("own\n", Text(result.Output.Bytes));
    }

    [Fact]
    public async Task A_child_does_not_inherit_that_the_runtime_ignores_broken_pipes()
    {
        using var result = await ShAsync("kill -PIPE $$; echo survived");

        Assert.Equal((ProcessEnd.Signalled, 13), (result.End, result.Code));
    }

    [Fact]
    public async Task A_child_starts_with_no_signal_ignored_or_blocked()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var result = await ShAsync("exec grep -E '^Sig(Blk|Ign)' /proc/self/status");

        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", Text(result.Output.Bytes));
    }

    [Fact]
    public async Task A_child_does_not_inherit_the_pipes_of_another()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var before = Targets();
        using var cancel = new CancellationTokenSource();
        var other = ShAsync(": >started; sleep 3600", cancellation: cancel.Token);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(_directory, "started")), Patience));
        var pipes = Targets().Except(before).Where(target => target.StartsWith("pipe:")).ToArray();
        using var result = await ShAsync("exec ls -l /proc/self/fd");
        await cancel.CancelAsync();
        (await other).Dispose();

        Assert.NotEmpty(pipes);
        Assert.All(pipes, pipe => Assert.DoesNotContain(pipe, Text(result.Output.Bytes)));

        static HashSet<string> Targets() =>
            [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(entry => new FileInfo(entry).LinkTarget ?? "")];
    }

    [Fact]
    public async Task The_environment_is_what_was_given_and_nothing_else()
    {
        var command = new ProcessCommand(
            "/usr/bin/env", ["-0"], new Dictionary<string, string> { ["A"] = "1\n2", ["B"] = "ä" }, OutputLimit: 1000);
        using var result = await _runner.RunAsync(command, Cancellation);

        Assert.Equal("A=1\n2\0B=ä\0", Text(result.Output.Bytes));
        Assert.DoesNotContain("ä", command.ToString());
    }

    [Fact]
    public async Task Cancellation_kills_the_process_and_what_it_started()
    {
        using var cancel = new CancellationTokenSource();
        var running = ShAsync("sleep 3600 & echo $!; : >started; wait", cancellation: cancel.Token);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(_directory, "started")), Patience));
        await cancel.CancelAsync();
        using var result = await running.WaitAsync(Patience, Cancellation);

        Assert.Equal(ProcessEnd.Cancelled, result.End);
        AssertGone(result);
    }

    [Fact]
    public async Task Nothing_is_started_for_a_caller_who_has_left()
    {
        using var result = await ShAsync(": >started", cancellation: new CancellationToken(canceled: true));

        Assert.Equal(ProcessEnd.Cancelled, result.End);
        Assert.False(File.Exists(Path.Combine(_directory, "started")));
    }

    [Fact]
    public async Task A_grandchild_that_holds_the_pipe_keeps_nobody_waiting_and_is_killed()
    {
        using var result = await ShAsync("sleep 3600 & echo $!").WaitAsync(Patience, Cancellation);

        Assert.True(result.Succeeded);
        AssertGone(result);
    }

    [Fact]
    public async Task A_grandchild_that_writes_for_ever_does_not_either()
    {
        using var result = await ShAsync("(echo $$; exec yes >&2) & exit 0", outputLimit: 1000).WaitAsync(Patience, Cancellation);

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task A_daemon_that_let_go_of_the_pipes_lives_on()
    {
        using var result = await ShAsync("sleep 3600 >/dev/null 2>&1 & echo $!").WaitAsync(Patience, Cancellation);
        var daemon = int.Parse(Text(result.Output.Bytes));

        Assert.Equal(0, Kill(daemon, 0));
        Assert.Equal(0, Kill(daemon, 9));
    }

    [Fact]
    public async Task Processes_leave_no_zombie_and_no_descriptor_behind()
    {
        async Task RunAll()
        {
            using var cancel = new CancellationTokenSource();
            var hanging = ShAsync("sleep 3600", cancellation: cancel.Token);
            (await ShAsync("echo $$")).Dispose();
            (await ShAsync("kill -9 $$")).Dispose();
            (await ShAsync("yes", outputLimit: 10)).Dispose();
            (await _runner.RunAsync(Command("/nonexistent/op"), Cancellation)).Dispose();
            await cancel.CancelAsync();
            (await hanging).Dispose();
        }

        await RunAll();
        var before = Descriptors();
        for (var i = 0; i < 10; i++)
            await RunAll();

        Assert.Equal(before, Descriptors());
        // ECHILD: there is no child left, dead or alive.
        Assert.Equal(-1, WaitForAny(-1, 0, 1));
    }

    [Fact]
    public async Task Waiting_processes_take_no_threads_of_the_pool()
    {
        using var cancel = new CancellationTokenSource();
        ThreadPool.GetAvailableThreads(out var before, out _);
        var running = Enumerable.Range(0, 20).Select(_ => ShAsync("sleep 3600", cancellation: cancel.Token)).ToArray();
        ThreadPool.GetAvailableThreads(out var during, out _);
        await cancel.CancelAsync();
        foreach (var result in await Task.WhenAll(running))
            result.Dispose();

        Assert.InRange(before - during, -20, 5);
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/dev/fd").Length;

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>The process whose number was printed is dead (a zombie of init's, at most).</summary>
    private static void AssertGone(ProcessResult result)
    {
        var id = int.Parse(Text(result.Output.Bytes));
        Assert.True(SpinWait.SpinUntil(() => Kill(id, 0) != 0 || IsZombie(id), Patience));
    }

    private static bool IsZombie(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Contains(") Z ");
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static ProcessCommand Command(string path, params string[] arguments) =>
        new(path, arguments, new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }, OutputLimit: 16 * 1024 * 1024);

    private Task<ProcessResult> ShAsync(string script, int outputLimit = 16 * 1024 * 1024, CancellationToken? cancellation = null) =>
        _runner.RunAsync(
            Command("/bin/sh", "-c", $"cd {_directory}\n{script}") with { OutputLimit = outputLimit }, cancellation ?? Cancellation);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int id, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitForAny(int id, nint status, int options);
}
