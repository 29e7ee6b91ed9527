using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Listening.Polling;

/// <summary>Accepts connections on a bound socket for Kestrel. They are read by whoever takes them, from their first byte on.</summary>
internal sealed partial class PolledListener(Socket socket, Poller poller) : IConnectionListenerFactory, IConnectionListener, IPolled
{
    // Without a descriptor or memory for it, a connection would be offered again at once and for ever.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    private readonly Channel<PolledConnection> _accepted = Channel.CreateUnbounded<PolledConnection>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });

    private PollWatch? _watch;
    private ITimer? _again;

    public EndPoint EndPoint { get; private set; } = socket.LocalEndPoint!;

    /// <summary>Begins to accept. The address is the socket's, which is bound already.</summary>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        socket.Blocking = false;
        _watch = poller.Watch((int)socket.SafeHandle.DangerousGetHandle(), this);
        // By the system's clock whatever ours is: what is waited for is the system.
        _again = TimeProvider.System.CreateTimer(_ => _watch.Want(more: PollEvents.Readable), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _watch.Want(more: PollEvents.Readable);
        return new(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _accepted.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public void Ready(PollEvents events)
    {
        const int closeOnExec = 0x80000, nonBlocking = 0x800;
        var descriptor = Accept(socket.SafeHandle, 0, 0, closeOnExec | nonBlocking);
        if (descriptor >= 0)
        {
            _accepted.Writer.TryWrite(new PolledConnection(new SafeFileHandle(descriptor, ownsHandle: true), poller));
        }
        else if (Marshal.GetLastPInvokeError() is var error && error != Errno.WouldBlock && error != Errno.ConnectionAborted && error != Errno.Interrupted)
        {
            _watch!.Want(less: PollEvents.Readable);
            _again!.Change(Breath, Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _again?.Dispose();
        // The service manager may hold the socket too: closing ours does not take it from the kernel's list.
        _watch?.End();
        socket.Dispose();
        _accepted.Writer.TryComplete();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_accepted.Reader.TryRead(out var connection))
            await connection.DisposeAsync();
    }

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept(SafeHandle listener, nint address, nint length, int flags);
}
