namespace Opx.Daemon.Backends.Vault;

/// <summary>
/// Reads of one path, one after the other: what the first one brings may be a lease, which then answers the next. Two that were asked for at
/// once would be two names with two passwords.
/// </summary>
internal sealed class PathTurns
{
    private readonly Lock _lock = new();
    private readonly Dictionary<VaultPath, Turn> _turns = [];

    /// <summary>Waits for those before; to be disposed of when done.</summary>
    public async Task<IDisposable> TakeAsync(VaultPath path, CancellationToken cancellation)
    {
        Turn turn;
        lock (_lock)
        {
            if (!_turns.TryGetValue(path, out turn!))
                _turns[path] = turn = new Turn(this, path);
            turn.Count++;
        }

        try
        {
            await turn.Gate.WaitAsync(cancellation);
            return turn;
        }
        catch
        {
            Leave(turn);
            throw;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_lock)
        {
            if (--turn.Count == 0)
                _turns.Remove(turn.Path);
        }
    }

    // The gate has no handle of the system's, so there is nothing to dispose of, and nobody to race with over it.
#pragma warning disable CA1001
    private sealed class Turn(PathTurns turns, VaultPath path) : IDisposable
    {
        public VaultPath Path { get; } = path;

        public SemaphoreSlim Gate { get; } = new(1);

        public int Count { get; set; }

        public void Dispose()
        {
            Gate.Release();
            turns.Leave(this);
        }
    }
}
