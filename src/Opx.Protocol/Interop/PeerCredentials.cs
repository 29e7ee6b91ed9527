using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

/// <summary>Who the kernel says is at the other end of a Unix socket.</summary>
/// <param name="ProcessId">The process that connected or listens; 0 where the system does not say.</param>
public readonly partial record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId)
{
    /// <summary>The peer of a connected socket.</summary>
    /// <exception cref="SocketException">The kernel did not say.</exception>
    public static PeerCredentials Of(Socket socket) => OperatingSystem.IsMacOS() ? MacOS(socket) : Linux(socket);

    private static PeerCredentials Linux(Socket socket)
    {
        const int solSocket = 1, soPeerCred = 17;
        Span<uint> credentials = stackalloc uint[3];
        var length = socket.GetRawSocketOption(solSocket, soPeerCred, MemoryMarshal.AsBytes(credentials));
        return length == 12
            ? new PeerCredentials((int)credentials[0], credentials[1], credentials[2])
            : throw new SocketException((int)SocketError.NotConnected);
    }
}
