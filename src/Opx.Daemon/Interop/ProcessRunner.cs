using System.Runtime.InteropServices;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Interop;

/// <summary>
/// Runs children on threads of their own, two for each: one sits in <c>poll</c> on the pipes, one in <c>waitid</c>. No thread of the pool
/// waits for a process that waits for a person.
/// </summary>
/// <remarks>
/// That the child has ended is learned from the second thread and not from the end of its pipes, which a grandchild may hold open for ever.
/// (A pidfd would save that thread on Linux; macOS has none.)
/// The order at the end matters: the child is waited for without being reaped, cancellation is shut out, the group is killed where it has
/// to be, and only then does the child's number go back to the system.
/// </remarks>
internal sealed class ProcessRunner : IProcessRunner
{
    private const int StackSize = 256 * 1024;
    private const int KilledSignal = 9;

    public Task<ProcessResult> RunAsync(ProcessCommand command, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<ProcessResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Begin("process output", Work) is null)
            done.SetResult(ProcessResult.NotStarted(Errno.WouldBlock));
        return done.Task;

        void Work()
        {
            try
            {
                done.SetResult(Run(command, cancellation));
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }
    }

    private static ProcessResult Run(ProcessCommand command, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return new ProcessResult(ProcessEnd.Cancelled, 0, new(), new());
        using var output = Pipe.TryOpen();
        using var errors = output is null ? null : Pipe.TryOpen();
        using var ended = errors is null ? null : Pipe.TryOpen();
        if (output is null || errors is null || ended is null)
            return ProcessResult.NotStarted(Marshal.GetLastPInvokeError());

        var error = Start(command, output.Writer, errors.Writer, out var processId);
        if (error != 0)
            return ProcessResult.NotStarted(error);
        output.CloseWriter();
        errors.CloseWriter();
        using var reader = new OutputReader(output, errors, ended, command.OutputLimit, command.ErrorLimit);
        return Follow(processId, reader, ended, cancellation);
    }

    private static unsafe int Start(ProcessCommand command, int output, int errors, out int processId)
    {
        using var arguments = NativeStrings.Of([command.Path, .. command.Arguments]);
        using var environment = NativeStrings.Of(command.Environment.Select(variable => $"{variable.Key}={variable.Value}"));
        using var start = new ProcessStart();
        start.Open(0, "/dev/null", flags: 0);
        start.Duplicate(output, 1);
        start.Duplicate(errors, 2);
        return start.Start(command.Path, arguments.Pointer, environment.Pointer, out processId);
    }

    private static ProcessResult Follow(int processId, OutputReader reader, Pipe ended, CancellationToken cancellation)
    {
        var killed = false;
        var waiter = Begin("process end", () =>
        {
            Child.WaitForEnd(processId);
            ended.CloseWriter();
        });
        if (waiter is null)
        {
            Child.KillGroup(processId);
            Child.Reap(processId);
            return ProcessResult.NotStarted(Errno.WouldBlock);
        }

        using (cancellation.UnsafeRegister(_ => Cancel(), null))
        {
            var isRead = false;
            try
            {
                reader.ReadToEnd();
                isRead = !reader.IsTooMuch;
            }
            finally
            {
                if (!isRead)
                    Child.KillGroup(processId);
                waiter.Join();
                if (!isRead && !reader.IsTooMuch)
                    Child.Reap(processId);
            }
        }

        // Whoever still holds a pipe is no daemon that the program meant to leave behind (op keeps one for its cache), but a straggler.
        if (!reader.IsAtEnd)
            Child.KillGroup(processId);
        var (end, code) = Child.Reap(processId);
        if (Volatile.Read(ref killed) && end == ProcessEnd.Signalled && code == KilledSignal)
            (end, code) = (ProcessEnd.Cancelled, 0);
        else if (reader.IsTooMuch)
            (end, code) = (ProcessEnd.TooMuchOutput, 0);
        return new ProcessResult(end, code, reader.Output, reader.Errors);

        void Cancel()
        {
            Volatile.Write(ref killed, true);
            Child.KillGroup(processId);
        }
    }

    /// <summary>Null where the system has no thread left.</summary>
    private static Thread? Begin(string name, Action work)
    {
        var thread = new Thread(() => work(), StackSize) { IsBackground = true, Name = name };
        try
        {
            thread.UnsafeStart();
            return thread;
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            return null;
        }
    }
}
