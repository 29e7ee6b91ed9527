using System.Collections.Concurrent;

namespace Opx.Daemon.Identity;

/// <summary>
/// Threads for looking at things that may block: arguments of a process that is stuck, a file on a server that does not answer. Neither the
/// thread that polls the sockets nor those of the pool, which backends need, may wait there. They are few: whoever makes look-ups block
/// keeps other callers from being looked up, who are then refused, but nobody from being served who is known.
/// </summary>
internal sealed class LookupThreads(Action<Thread> start, int most = 8) : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Lock _lock = new();
    private int _threads;
    private int _unfinished;

    public LookupThreads()
        : this(thread => thread.Start())
    {
    }

    /// <summary>Runs the look-up on a thread of ours. What it throws comes out of the task.</summary>
    public Task<T> RunAsync<T>(Func<T> look)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            // Counted until it is done and not until it is begun: a thread that has begun may be the one that blocks.
            if (++_unfinished > _threads && _threads < most && TryStart())
                _threads++;
        }

        _work.Add(() => Complete(result, look));
        return result.Task;
    }

    public void Dispose() => _work.CompleteAdding();

    // Where the system has no thread left those that we have must do; with none at all the caller's patience ends, and the next one tries again.
    private bool TryStart()
    {
        try
        {
            start(new Thread(Serve) { IsBackground = true, Name = "look-up" });
            return true;
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }

    private void Serve()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
            lock (_lock)
                _unfinished--;
        }
    }

    private static void Complete<T>(TaskCompletionSource<T> result, Func<T> look)
    {
        try
        {
            result.SetResult(look());
        }
        catch (Exception error)
        {
            result.SetException(error);
        }
    }
}
