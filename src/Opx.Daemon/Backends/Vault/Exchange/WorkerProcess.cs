using Opx.Daemon.Interop;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault.Exchange;

/// <summary>One worker from its start until it is reaped, and the requests that it has been given.</summary>
/// <remarks>
/// A thread of its own starts it, reads its answers and reaps it. On Linux the worker dies with the thread that started it
/// (PR_SET_PDEATHSIG counts threads), so that must be none of the pool's, which come and go.
/// </remarks>
internal sealed class WorkerProcess
{
    private const int StackSize = 256 * 1024;

    // A worker that does not take a request in this time takes none any more.
    private const int SendMilliseconds = 5_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<uint, TaskCompletionSource<VaultAnswer>> _pending = [];
    private readonly TaskCompletionSource<FrameSocket?> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _number;
    private int _processId;
    private bool _killed;
    private bool _isOver;

    public WorkerProcess(WorkerProgram program, ServerTrust trust)
    {
        var thread = new Thread(() => Run(program, trust), StackSize) { IsBackground = true, Name = "vault exchange" };
        try
        {
            thread.UnsafeStart();
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            Over();
        }
    }

    /// <summary>Completes once the process is gone and its memory with it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>0 before it has started and where it could not be.</summary>
    public int ProcessId => Volatile.Read(ref _processId);

    public async Task<VaultAnswer> SendAsync(VaultRequest request, CancellationToken cancellation)
    {
        if (await _started.Task.WaitAsync(cancellation) is not { } socket)
            return VaultAnswer.Of(ExchangeFault.WorkerLost);
        var answer = new TaskCompletionSource<VaultAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        uint number;
        lock (_lock)
        {
            if (_isOver)
                return VaultAnswer.Of(ExchangeFault.WorkerLost);
            number = ++_number;
            _pending[number] = answer;
        }

        using (var frame = new SecretBuffer())
        {
            Frame.Request(frame, number, request);
            if (!socket.TrySend(frame))
                Kill();
        }

        await using var registration = cancellation.UnsafeRegister(_ => Cancel(socket, number, cancellation), null);
        return await answer.Task;
    }

    /// <summary>Ends it; does not wait for that.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            _killed = true;
            // Its number is its own until it is reaped, which happens under this lock.
            if (_processId > 0 && !_isOver)
                Child.KillGroup(_processId);
        }
    }

    private void Run(WorkerProgram program, ServerTrust trust)
    {
        if (SocketPair.TryOpen() is not var (ours, theirs))
        {
            Over();
            return;
        }

        ours.SendTimeout = SendMilliseconds;
        using var socket = new FrameSocket(ours);
        var error = program.Start(theirs, out var processId);
        theirs.Dispose();
        if (error != 0)
        {
            Over();
            return;
        }

        lock (_lock)
        {
            _processId = processId;
            if (_killed)
                Child.KillGroup(processId);
        }

        using (var frame = new SecretBuffer())
        {
            Frame.Trust(frame, trust);
            _ = socket.TrySend(frame);
        }

        _started.SetResult(socket);
        try
        {
            while (socket.Receive() is { } received)
                Deliver(received);
        }
        catch (Exception malformed) when (malformed is ArgumentException or IndexOutOfRangeException)
        {
            // What speaks so is none of ours any more, whatever it was before it read the server's answer.
        }

        Kill();
        Child.WaitForEnd(processId);
        Over();
    }

    private void Deliver(ReceivedFrame frame)
    {
        using (frame.Fields)
        {
            var reader = new FrameReader(frame.Fields.Bytes);
            var answer = Frame.Answer(ref reader);
            TaskCompletionSource<VaultAnswer>? waiting;
            lock (_lock)
                _pending.Remove(frame.Number, out waiting);
            if (waiting is null || !waiting.TrySetResult(answer))
                answer.Dispose();
        }
    }

    private void Cancel(FrameSocket socket, uint number, CancellationToken cancellation)
    {
        TaskCompletionSource<VaultAnswer>? waiting;
        lock (_lock)
            _pending.Remove(number, out waiting);
        if (waiting is null)
            return;
        using (var frame = new SecretBuffer())
        {
            Frame.Cancel(frame, number);
            _ = socket.TrySend(frame);
        }

        waiting.TrySetCanceled(cancellation);
    }

    private void Over()
    {
        TaskCompletionSource<VaultAnswer>[] left;
        lock (_lock)
        {
            _isOver = true;
            if (_processId > 0)
                Child.Reap(_processId);
            left = [.. _pending.Values];
            _pending.Clear();
        }

        _started.TrySetResult(null);
        foreach (var waiting in left)
            waiting.TrySetResult(VaultAnswer.Of(ExchangeFault.WorkerLost));
        _ended.SetResult();
    }
}
