using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

public readonly partial record struct PeerCredentials
{
    // Not run on the machines this was written on. sys/un.h and sys/ucred.h: struct xucred is version, uid, count, 16 groups.
    private static PeerCredentials MacOS(Socket socket)
    {
        const int solLocal = 0, localPeerCred = 1, localPeerPid = 2;
        Span<uint> credentials = stackalloc uint[19];
        Span<int> processId = stackalloc int[1];
        socket.GetRawSocketOption(solLocal, localPeerCred, MemoryMarshal.AsBytes(credentials));
        socket.GetRawSocketOption(solLocal, localPeerPid, MemoryMarshal.AsBytes(processId));
        return new PeerCredentials(processId[0], credentials[1], credentials[3]);
    }
}
