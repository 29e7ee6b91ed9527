using System.Runtime.InteropServices;
using Opx.Daemon.Interop;

namespace Opx.Daemon.Identity;

/// <summary>
/// Who asks on one connection. Established when the connection is accepted where a policy or the audit log is on, and otherwise when the
/// first request wants it; where a policy decides, it holds only as long as the peer runs the same program.
/// </summary>
internal sealed class PeerIdentity(Peer peer, SafeHandle socket, CallerLookup lookup) : IDisposable
{
    private static readonly Task<Identification> Gone = Task.FromResult(Identification.Failed("the process that connected has ended"));
    private static readonly Task<Identification> Changed =
        Task.FromResult(Identification.Failed("the process runs another program than the one that connected"));

    private readonly Lock _lock = new();
    private IObservedProcess? _process;
    private FileStamp? _program;
    private IdentityNeeds _covered;
    private Task<Identification>? _current;
    private bool _disposed;

    /// <summary>Looks at the peer now. What may block goes on by itself, beside the handshake.</summary>
    public void Begin(IdentityNeeds needs)
    {
        lock (_lock)
            Establish(needs);
    }

    /// <summary>Who asks, as far as is needed. Complete on return unless something is still to be looked at that may block.</summary>
    public Task<Identification> CurrentAsync(IdentityNeeds needs)
    {
        lock (_lock)
        {
            if (_disposed)
                return Gone;
            if (_current is null || (_covered & needs) != needs)
                Establish(needs | _covered);
            // A process that connects and then executes an allowed program, while another one holds the connection, must not pass for it.
            else if (needs.HasFlag(IdentityNeeds.Still) && _program is { } program && _process?.Program()?.IsSameFile(program) != true)
                return Changed;
            return _current!;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            ReleaseCaller();
            _process?.Dispose();
        }
    }

    private void Establish(IdentityNeeds needs)
    {
        _covered = needs;
        ReleaseCaller();
        _process ??= Find();
        var before = _program;
        _program ??= _process?.Program();
        if (_process is null || _program is null)
            _current = Gone;
        else if (before is not null && _process.Program()?.IsSameFile(before.Value) != true)
            _current = Changed;
        else
            _current = lookup.IdentifyAsync(peer, _process, needs);
    }

    private IObservedProcess? Find()
    {
        try
        {
            return lookup.Processes.OfPeer(socket, peer.ProcessId);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Lets go of the caller's process, where it is another one than the peer's.</summary>
    private void ReleaseCaller() => _current?.ContinueWith(
        static (look, peer) => look.Result.Process?.Content.Release((IObservedProcess?)peer),
        _process,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
