using System.Net.Sockets;
using System.Runtime.InteropServices;
using Opx.Daemon.Interop;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Listening;

/// <summary>
/// The daemon's Unix socket: bound with mode 0600, or taken over from systemd. Bound through libc, because a .NET socket that bound a path
/// deletes that path when it is disposed, whoever made what lies there by then.
/// </summary>
internal sealed partial class ListeningSocket
{
    /// <summary>How many may have connected and not been accepted.</summary>
    public const int Backlog = 4_096;

    private const int FirstActivatedDescriptor = 3;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private FileStatus? _ours;

    private ListeningSocket(Socket socket, string path, FileStatus? ours)
    {
        Socket = socket;
        _path = path;
        _ours = ours;
    }

    public Socket Socket { get; }

    /// <summary>True where the service manager passed a socket to this process.</summary>
    public static bool IsActivated(Func<string, string?> environment) =>
        environment("LISTEN_PID") == Environment.ProcessId.ToString() && environment("LISTEN_FDS") == "1";

    /// <summary>The socket that the service manager passed to this process (sd_listen_fds(3)), or null.</summary>
    public static ListeningSocket? FromActivation(Func<string, string?> environment, string path)
    {
        if (!IsActivated(environment))
            return null;
        LibC.CloseOnExec(FirstActivatedDescriptor);
        var socket = new Socket(new SafeSocketHandle(FirstActivatedDescriptor, ownsHandle: true));
        // Once more: who listened last is who the kernel tells clients that they are connected to (SO_PEERCRED).
        socket.Listen(Backlog);
        return new ListeningSocket(socket, path, ours: null);
    }

    /// <summary>
    /// Binds the path and listens, so that whoever finds the socket is let in as soon as somebody accepts. Call it with the instance lock
    /// held: nothing else then removes a stale socket at the same time.
    /// </summary>
    /// <exception cref="OpxPathException">Something that is not a stale socket of ours lies there.</exception>
    public static ListeningSocket Bind(string path, uint owner)
    {
        RemoveStale(path, owner);
        var address = new UnixDomainSocketEndPoint(path).Serialize();
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        // The mode of the socket comes from the mask alone, and from the first moment on.
        var mask = ProcessLimits.Umask(0x7F);
        var result = NativeBind(socket.SafeHandle, address.Buffer.Span, address.Size);
        var error = Marshal.GetLastPInvokeError();
        _ = ProcessLimits.Umask(mask);
        if (result == 0)
        {
            socket.Listen(Backlog);
            return new ListeningSocket(Rewrapped(socket), path, FileStatus.Of(path));
        }

        socket.Dispose();
        throw new OpxPathException($"cannot make the socket {Printable.Text(path)}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>
    /// Done when told to stop, or when the path does not lead to us any more: a runtime directory goes with its user's last login. Nobody finds
    /// us then, and whoever wants a daemon starts another one, which we would keep from the audit log.
    /// </summary>
    /// <returns>True where the socket was lost.</returns>
    public async Task<bool> LostAsync(TimeProvider clock, CancellationToken stop)
    {
        using var looks = new PeriodicTimer(Look, clock);
        try
        {
            while (!IsLost())
                await looks.WaitForNextTickAsync(stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Removes the socket, if what lies at the path is still the one that this daemon made.</summary>
    public void RemoveOurs()
    {
        if (IsInPlace)
            File.Delete(_path);
        // The number of a file that is gone is given to the next one: what lies there from now on is not ours.
        _ours = null;
    }

    private bool IsLost()
    {
        try
        {
            return _ours is not null && !IsInPlace;
        }
        catch (IOException)
        {
            // A directory that does not let us look is not one that is gone.
            return false;
        }
    }

    private bool IsInPlace => _ours is { } ours && FileStatus.Of(_path) is { } now && now.Inode == ours.Inode && now.Device == ours.Device;

    private static void RemoveStale(string path, uint owner)
    {
        if (FileStatus.Of(path) is not { } status)
            return;
        var shown = Printable.Text(path);
        if (!status.IsSocket)
            throw new OpxPathException($"{shown} is not a socket: opx-authd does not remove it; choose another place with --sock or {EnvironmentNames.SocketPath}");
        if (status.Owner != owner)
            throw new OpxPathException($"{shown} is a socket of user {status.Owner}: choose another place with --sock or {EnvironmentNames.SocketPath}");
        if (InstanceLock.Answers(path))
            throw new OpxPathException($"another program listens on {shown}: stop it, or choose another place with --sock or {EnvironmentNames.SocketPath}");
        File.Delete(path);
    }

    // .NET learns of the address it did not bind itself when it is given the descriptor.
    private static Socket Rewrapped(Socket socket)
    {
        var descriptor = socket.SafeHandle.DangerousGetHandle();
        socket.SafeHandle.SetHandleAsInvalid();
        return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }

    private static unsafe int NativeBind(SafeSocketHandle socket, ReadOnlySpan<byte> address, int size)
    {
        fixed (byte* bytes = address)
            return NativeBind(socket, bytes, (uint)size);
    }

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static unsafe partial int NativeBind(SafeSocketHandle socket, byte* address, uint size);
}
