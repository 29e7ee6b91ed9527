using System.Buffers.Binary;
using System.Net.Sockets;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault.Exchange;

/// <summary>
/// Whole frames over a socket, with blocking calls straight from and to memory that is wiped: no stream in between that buffers.
/// </summary>
internal sealed class FrameSocket(Socket socket) : IDisposable
{
    // An answer's body and what goes with it.
    private const int MostBytes = Limits.ValueBytes + 256 * 1024;

    private readonly Lock _sending = new();

    /// <summary>False where the other side is gone, or does not take it within the socket's time.</summary>
    public bool TrySend(SecretBuffer frame)
    {
        try
        {
            lock (_sending)
            {
                for (var sent = 0; sent < frame.Length;)
                    sent += socket.Send(frame.Bytes[sent..]);
            }

            return true;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Blocks for the next frame; null at the end, in whatever way it came.</summary>
    public ReceivedFrame? Receive()
    {
        Span<byte> header = stackalloc byte[Frame.HeaderBytes];
        if (!TryFill(header))
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header) - (Frame.HeaderBytes - sizeof(int));
        if (length is < 0 or > MostBytes)
            return null;
        var fields = new SecretBuffer();
        if (length > 0 && !TryFill(fields.Room(length)[..length]))
        {
            fields.Dispose();
            return null;
        }

        fields.Advance(length);
        return new ReceivedFrame(BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), (FrameKind)header[8], fields);
    }

    public void Dispose() => socket.Dispose();

    private bool TryFill(Span<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var read = socket.Receive(bytes);
                if (read == 0)
                    return false;
                bytes = bytes[read..];
            }

            return true;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}

/// <param name="Fields">To be disposed of.</param>
internal sealed record ReceivedFrame(uint Number, FrameKind Kind, SecretBuffer Fields);
