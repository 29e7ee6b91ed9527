using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Listening.Polling;

/// <summary>Accepts connections on a bound socket, on the poller's thread. Kestrel is given the <see cref="Carrier"/> and none of them.</summary>
internal sealed partial class PolledListener(Socket socket, Poller poller, ILogger log) : IConnectionListenerFactory, IConnectionListener, IPolled
{
    // Without a descriptor or memory for it, a connection would be offered again at once and for ever.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    private readonly Carrier _carrier = new(poller, log);
    private readonly TaskCompletionSource _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isGiven;
    private PollWatch? _watch;
    private ITimer? _again;

    public EndPoint EndPoint { get; private set; } = socket.LocalEndPoint!;

    /// <summary>What each connection goes through, with Kestrel's HTTP at its end. Nothing is accepted before Kestrel has come to it.</summary>
    public void Run(ListenOptions listen) => listen.Use(stages => _ => _carrier.CarryAsync(stages, () => _watch!.Want(more: PollEvents.Readable)));

    /// <summary>The address is the socket's, which is bound already.</summary>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        socket.Blocking = false;
        _watch = poller.Watch((int)socket.SafeHandle.DangerousGetHandle(), this);
        // By the system's clock whatever ours is: what is waited for is the system.
        _again = TimeProvider.System.CreateTimer(_ => _watch.Want(more: PollEvents.Readable), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return new(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (!_isGiven)
        {
            _isGiven = true;
            return _carrier;
        }

        await _unbound.Task.WaitAsync(cancellationToken);
        return null;
    }

    public void Ready(PollEvents events)
    {
        const int closeOnExec = 0x80000, nonBlocking = 0x800;
        var descriptor = Accept(socket.SafeHandle, 0, 0, closeOnExec | nonBlocking);
        if (descriptor >= 0)
        {
            Round.Reads();
            _carrier.Take(new SafeFileHandle(descriptor, ownsHandle: true));
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
        _unbound.TrySetResult();
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept(SafeHandle listener, nint address, nint length, int flags);
}
