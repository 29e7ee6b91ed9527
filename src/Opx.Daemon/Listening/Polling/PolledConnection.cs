using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Opx.Daemon.Listening.Polling;

/// <summary>A connection that was accepted, and of which nothing has been read: its socket, and who tells when that is ready.</summary>
internal sealed partial class PolledConnection : DefaultConnectionContext
{
    // Goes on where the last daemon's stopped, or further: a request keeps its number to itself over restarts.
    private static long _last = TimeProvider.System.GetUtcNow().Ticks;

    private readonly CancellationTokenSource _closed = new();
    private int _aborted;

    public PolledConnection(SafeHandle socket, Poller poller)
        : base(Interlocked.Increment(ref _last).ToString("X"))
    {
        (Socket, Poller) = (socket, poller);
        ConnectionClosed = _closed.Token;
        Features.Set(socket);
        Features.Set(this);
    }

    public SafeHandle Socket { get; }

    public Poller Poller { get; }

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
