using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

/// <summary>Who the kernel says is at the other end of a Unix socket.</summary>
/// <param name="ProcessId">The process that connected or listens; 0 where the system does not say.</param>
public readonly unsafe partial record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId)
{
    /// <summary>The peer of a connected socket.</summary>
    /// <exception cref="IOException">The kernel did not say.</exception>
    public static PeerCredentials Of(Socket socket) => Of(socket.SafeHandle);

    /// <inheritdoc cref="Of(Socket)"/>
    public static PeerCredentials Of(SafeHandle socket) => OperatingSystem.IsMacOS() ? MacOS(socket) : Linux(socket);

    private static PeerCredentials Linux(SafeHandle socket)
    {
        const int solSocket = 1, soPeerCred = 17;
        var credentials = stackalloc uint[3];
        Ask(socket, solSocket, soPeerCred, credentials, 12);
        return new PeerCredentials((int)credentials[0], credentials[1], credentials[2]);
    }

    private static void Ask(SafeHandle socket, int level, int option, void* answer, uint size)
    {
        if (GetOption(socket, level, option, answer, ref size) != 0)
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(SafeHandle socket, int level, int option, void* value, ref uint size);
}
