namespace Opx.Daemon.Sessions;

/// <summary>
/// What goes on beside reads and must not outlast a lock: logins, which hold passwords and bring tokens. A lock ends them; who asked for it
/// waits until they are over.
/// </summary>
internal sealed class LockableWork
{
    private readonly Lock _lock = new();
    private readonly HashSet<Item> _underWay = [];

    /// <remarks>To be made before what it protects hears of locks: a piece of work knows of a lock first.</remarks>
    public LockableWork(Session session) => session.Locked += End;

    /// <summary>To be disposed of when the work is over.</summary>
    public Item Begin(CancellationToken cancellation)
    {
        var item = new Item(this, cancellation);
        lock (_lock)
            _underWay.Add(item);
        return item;
    }

    /// <summary>Done when all that a lock has ended is over.</summary>
    public Task Ended()
    {
        lock (_lock)
            return Task.WhenAll(_underWay.Where(item => item.Lock is not null).Select(item => item.Over));
    }

    private void End(LockReason reason)
    {
        // Because nobody was signed in somebody signs in.
        if (reason == LockReason.Backend)
            return;
        lock (_lock)
        {
            foreach (var item in _underWay)
                item.End(reason);
        }
    }

    internal sealed class Item(LockableWork work, CancellationToken cancellation) : IDisposable
    {
        private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile object? _lock;

        public CancellationToken Token => _source.Token;

        /// <summary>The lock that has ended it; null where there was none.</summary>
        public LockReason? Lock => (LockReason?)_lock;

        public Task Over => _over.Task;

        public void End(LockReason reason)
        {
            _lock = reason;
            // Elsewhere: this comes under the session's lock.
            _ = _source.CancelAsync();
        }

        public void Dispose()
        {
            lock (work._lock)
                work._underWay.Remove(this);
            _over.TrySetResult();
        }
    }
}
