namespace Opx.Daemon.Listening.Polling;

/// <summary>What one descriptor's owner wants to be told. Level-triggered: what is wanted and true is told again and again.</summary>
internal sealed class PollWatch(Poller poller, int descriptor, ulong id) : IDisposable
{
    private readonly Lock _lock = new();
    private PollEvents? _wanted;
    private bool _hasEnded;

    /// <summary>Wants more, or less. Nothing once the watch has ended.</summary>
    /// <exception cref="IOException">The system has no memory left.</exception>
    public void Want(PollEvents more = PollEvents.None, PollEvents less = PollEvents.None)
    {
        lock (_lock)
        {
            var wanted = (_wanted.GetValueOrDefault() | more) & ~less;
            if (_hasEnded || wanted == _wanted)
                return;
            poller.Control(_wanted is null ? Poller.Change.Add : Poller.Change.Modify, descriptor, wanted, id);
            _wanted = wanted;
        }
    }

    /// <summary>Nothing is told from here on. Call it while the descriptor is open.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (!_hasEnded && _wanted is not null)
                poller.Control(Poller.Change.Remove, descriptor, PollEvents.None, id);
            Dispose();
        }
    }

    /// <summary>As <see cref="End"/>, of a descriptor that is about to be closed: the kernel forgets those by itself.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _hasEnded = true;
            poller.Forget(id);
        }
    }
}
