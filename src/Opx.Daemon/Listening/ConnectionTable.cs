using Microsoft.AspNetCore.Connections;

namespace Opx.Daemon.Listening;

/// <summary>
/// The connections that are open. At the limit, the one that has gone longest without a complete request makes room for the newcomer, so
/// that a client that connects and says nothing costs nobody else a request. One whose request is being answered is not idle.
/// A lock ends those that are being told a value: a client that does not read keeps it in memory for as long as it likes.
/// </summary>
internal sealed class ConnectionTable(int limit, TimeProvider clock)
{
    // The connection's socket; /proc/PID and its stat, of the peer and of the caller it asks for.
    private const int DescriptorsEach = 5;

    // Files, the log, backends and their pipes.
    private const int OtherDescriptors = 64;

    private readonly Lock _lock = new();
    private readonly HashSet<Entry> _open = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <summary>
    /// As many as wanted, and no more than there are descriptors for: without one Kestrel cannot accept, tries again at once and for ever, and
    /// the silent connections that hold them all stay until their time is over.
    /// </summary>
    public static int Affordable(int wanted, ulong descriptors) =>
        (int)Math.Clamp(((long)Math.Min(descriptors, int.MaxValue) - OtherDescriptors) / DescriptorsEach, 1, wanted);

    public async Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var entry = new Entry(connection, clock.GetTimestamp());
        Admit(entry)?.Connection.Abort(new ConnectionAbortedException("another connection needed the place"));
        connection.Features.Set(entry);
        try
        {
            await next(connection);
        }
        finally
        {
            lock (_lock)
                _open.Remove(entry);
            entry.HasEnded();
        }
    }

    /// <summary>Ends the connections that are being told a value.</summary>
    /// <returns>Done when nothing of them is left.</returns>
    public Task CutOffValues()
    {
        List<Entry> telling;
        lock (_lock)
            telling = [.. _open.Where(entry => entry.TellsValue)];
        foreach (var entry in telling)
            entry.Connection.Abort(new ConnectionAbortedException("the session was locked"));
        return Task.WhenAll(telling.Select(entry => entry.Ended));
    }

    /// <summary>Takes the newcomer in and, at the limit, gives the one that has to go.</summary>
    private Entry? Admit(Entry newcomer)
    {
        lock (_lock)
        {
            Entry? idlest = null;
            if (_open.Count >= limit)
            {
                foreach (var entry in _open)
                {
                    if (idlest is null || (entry.Answering, entry.LastRequest).CompareTo((idlest.Answering, idlest.LastRequest)) < 0)
                        idlest = entry;
                }

                _open.Remove(idlest!);
            }

            _open.Add(newcomer);
            return idlest;
        }
    }

    /// <summary>One connection, as a feature of it: the request pipeline reports here.</summary>
    internal sealed class Entry(ConnectionContext connection, long opened)
    {
        private long _lastRequest = opened;
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _answering;
        private volatile bool _tellsValue;

        public ConnectionContext Connection { get; } = connection;

        public long LastRequest => Volatile.Read(ref _lastRequest);

        public int Answering => Volatile.Read(ref _answering);

        /// <summary>A request is complete: its body has been read.</summary>
        public void RequestComplete(long now)
        {
            Volatile.Write(ref _lastRequest, now);
            Volatile.Write(ref _answering, 1);
        }

        public void Answered()
        {
            _tellsValue = false;
            Volatile.Write(ref _answering, 0);
        }

        /// <summary>From here to <see cref="Answered"/> the answer holds a value. Whoever says so looks afterwards whether there was a lock.</summary>
        public void BeginsToTell() => _tellsValue = true;

        public bool TellsValue => _tellsValue;

        /// <summary>Done when the connection is over and its memory given back.</summary>
        public Task Ended => _ended.Task;

        public void HasEnded() => _ended.TrySetResult();
    }
}
