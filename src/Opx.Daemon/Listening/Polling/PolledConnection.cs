using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Opx.Daemon.Listening.Polling;

/// <summary>A connection that was accepted, and of which nothing has been read: its socket, and who tells when that is ready.</summary>
internal sealed partial class PolledConnection : DefaultConnectionContext, IConnectionHeartbeatFeature
{
    // Goes on where the last daemon's stopped, or further: a request keeps its number to itself over restarts.
    private static long _last = TimeProvider.System.GetUtcNow().Ticks;

    private readonly CancellationTokenSource _closed = new();
    private Action? _beat;
    private int _aborted;

    /// <param name="features">What else it has of features, beside its own.</param>
    public PolledConnection(SafeHandle socket, Poller poller, IFeatureCollection features)
        : base(Interlocked.Increment(ref _last).ToString("X"))
    {
        (Socket, Poller) = (socket, poller);
        ConnectionClosed = _closed.Token;
        Features.Set(socket);
        Features.Set(this);
        Features.Set<IConnectionHeartbeatFeature>(this);
        foreach (var (kind, feature) in features)
            Features[kind] ??= feature;
    }

    public SafeHandle Socket { get; }

    public Poller Poller { get; }

    public void OnHeartbeat(Action<object> action, object state) => _beat += () => action(state);

    /// <summary>About a second has gone by.</summary>
    public void Beat() => _beat?.Invoke();

    /// <summary>Both directions end here and now, whatever is under way, and who waits for that is told by another thread.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Interlocked.Exchange(ref _aborted, 1) != 0)
            return;
        try
        {
            const int both = 2;
            _ = Shutdown(Socket, both);
        }
        catch (ObjectDisposedException)
        {
            // It is over already.
        }

        ThreadPool.UnsafeQueueUserWorkItem(static closed => closed.Cancel(), _closed, preferLocal: false);
    }

    public override ValueTask DisposeAsync()
    {
        Socket.Dispose();
        return base.DisposeAsync();
    }

    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int Shutdown(SafeHandle socket, int how);
}
