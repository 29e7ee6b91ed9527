using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Opx.Protocol.Interop;

namespace Opx.Client.Interop;

/// <summary>
/// A connected Unix socket as a stream of bytes. .NET's own sockets start a thread and a poll for asynchronous work that a client on one
/// thread never asks for, and look which protocols the machine speaks: a tenth of a cached read.
/// </summary>
internal sealed unsafe partial class UnixStream : Stream
{
    private readonly SafeFileHandle _socket;

    private UnixStream(SafeFileHandle socket) => _socket = socket;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>True once there is nothing more to read, which an end of TLS as the protocol wants it is not.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>True once the other side is found to have closed, by reading or by writing.</summary>
    public bool IsClosed { get; private set; }

    public uint PeerUserId => PeerCredentials.Of(_socket).UserId;

    /// <summary>Connects.</summary>
    /// <returns>Null with the error number where the system refuses.</returns>
    public static UnixStream? Connect(string path, out int error)
    {
        const int family = 1, stream = 1;
        var name = Encoding.UTF8.GetBytes(path);
        // sockaddr_un: the family, on macOS behind a byte with the length; then the path with its NUL.
        Span<byte> address = stackalloc byte[2 + name.Length + 1];
        address.Clear();
        address[OperatingSystem.IsMacOS() ? 1 : 0] = family;
        if (OperatingSystem.IsMacOS())
            address[0] = (byte)address.Length;
        name.CopyTo(address[2..]);

        var socket = new SafeFileHandle(NewSocket(family, stream | SocketFlags.CloseOnExec, 0), ownsHandle: true);
        var result = socket.IsInvalid ? -1 : 0;
        fixed (byte* bytes = address)
        {
            while (!socket.IsInvalid && (result = Connect(socket, bytes, (uint)address.Length)) != 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
            {
            }
        }

        error = result == 0 ? 0 : Marshal.GetLastPInvokeError();
        if (error == 0)
            return new UnixStream(socket);
        socket.Dispose();
        return null;
    }

    /// <summary>How long a read or a write may take; zero for as long as it takes.</summary>
    public void SetTimeout(int milliseconds)
    {
        var time = stackalloc long[2];
        (time[0], time[1]) = (milliseconds / 1_000, milliseconds % 1_000 * 1_000L);
        _ = SetOption(_socket, SocketFlags.Level, SocketFlags.ReceiveTimeout, time, 16);
        _ = SetOption(_socket, SocketFlags.Level, SocketFlags.SendTimeout, time, 16);
    }

    public override int Read(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint read;
            while ((read = Receive(_socket, bytes, (nuint)buffer.Length)) < 0)
                ThrowUnlessInterrupted();
            HasEnded |= read == 0 && !buffer.IsEmpty;
            IsClosed |= HasEnded;
            return (int)read;
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            for (var sent = 0; sent < buffer.Length;)
            {
                var count = Send(_socket, bytes + sent, (nuint)(buffer.Length - sent));
                if (count < 0)
                    ThrowUnlessInterrupted();
                else
                    sent += (int)count;
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _socket.Dispose();
        base.Dispose(disposing);
    }

    private void ThrowUnlessInterrupted()
    {
        var error = Marshal.GetLastPInvokeError();
        IsClosed |= error == Errno.BrokenPipe || error == Errno.ConnectionReset;
        if (error != Errno.Interrupted)
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int NewSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(SafeFileHandle socket, byte* address, uint size);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(SafeFileHandle socket, int level, int option, long* value, uint size);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Receive(SafeFileHandle socket, byte* buffer, nuint count);

    // The runtime ignores SIGPIPE, so a peer that is gone is an error.
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Send(SafeFileHandle socket, byte* buffer, nuint count);
}
