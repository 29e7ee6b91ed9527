using Opx.Daemon.Backends;

namespace Opx.Daemon.Secrets;

/// <summary>
/// A <see cref="Batcher"/> for each backend and account. Accounts are named by whoever asks, so that there is no end to them: a lane that has nothing
/// to do and nothing to remember makes room.
/// </summary>
internal sealed class Lanes(Func<ISecretBackend, string?, Batcher> create)
{
    private const int Most = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Backend, string? Account), Batcher> _lanes = [];
    private long _batchesBefore;

    public int Count
    {
        get
        {
            lock (_lock)
                return _lanes.Count;
        }
    }

    /// <summary>Batches handed to backends so far.</summary>
    public long Batches
    {
        get
        {
            lock (_lock)
                return _batchesBefore + _lanes.Values.Sum(lane => lane.Batches);
        }
    }

    /// <summary>The failure that a backend's open circuit answers with, for whichever account; null where all are closed.</summary>
    public BackendFailure? Tripped(string backend)
    {
        lock (_lock)
            return _lanes.Where(lane => lane.Key.Backend == backend).Select(lane => lane.Value.Tripped).FirstOrDefault(failure => failure is not null);
    }

    /// <summary>Sends flights off on their lane. Under the lock, so that nobody gets a lane that makes room in the same moment.</summary>
    public void Send(ISecretBackend backend, string? account, IReadOnlyList<Flight> flights)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue((backend.Name, account), out var lane))
            {
                if (_lanes.Count >= Most)
                    MakeRoom();
                _lanes[(backend.Name, account)] = lane = create(backend, account);
            }

            lane.Send(flights);
        }
    }

    private void MakeRoom()
    {
        foreach (var (key, lane) in _lanes.Where(lane => lane.Value.IsIdle).ToArray())
        {
            _batchesBefore += lane.Batches;
            _lanes.Remove(key);
        }
    }
}
