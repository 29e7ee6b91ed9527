using Microsoft.AspNetCore.Connections;

namespace Opx.Daemon.Listening;

/// <summary>
/// The connections that are open. At the limit, the one that has gone longest without a complete request makes room for the newcomer, so
/// that a client that connects and says nothing costs nobody else a request. One whose request is being answered is not idle.
/// </summary>
internal sealed class ConnectionTable(int limit, TimeProvider clock)
{
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
        }
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
        private int _answering;

        public ConnectionContext Connection { get; } = connection;

        public long LastRequest => Volatile.Read(ref _lastRequest);

        public int Answering => Volatile.Read(ref _answering);

        /// <summary>A request is complete: its body has been read.</summary>
        public void RequestComplete(long now)
        {
            Volatile.Write(ref _lastRequest, now);
            Volatile.Write(ref _answering, 1);
        }

        public void Answered() => Volatile.Write(ref _answering, 0);
    }
}
