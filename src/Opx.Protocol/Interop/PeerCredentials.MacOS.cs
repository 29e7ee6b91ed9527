using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

public readonly unsafe partial record struct PeerCredentials
{
    // Not run on the machines this was written on. sys/un.h and sys/ucred.h: struct xucred is version, uid, count, 16 groups.
    private static PeerCredentials MacOS(SafeHandle socket)
    {
        const int solLocal = 0, localPeerCred = 1, localPeerPid = 2;
        var credentials = stackalloc uint[19];
        var processId = 0;
        Ask(socket, solLocal, localPeerCred, credentials, 19 * sizeof(uint));
        Ask(socket, solLocal, localPeerPid, &processId, sizeof(int));
        return new PeerCredentials(processId, credentials[1], credentials[3]);
    }
}
