using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Opx.Daemon.Interop;

/// <summary>Two ends of one stream that no child inherits by accident.</summary>
internal static partial class SocketPair
{
    private const int Unix = 1, Stream = 1;

    /// <summary>Our end, and the descriptor that becomes the child's; null where the system has no descriptors left.</summary>
    public static unsafe (Socket Ours, SafeSocketHandle Theirs)? TryOpen()
    {
        var ends = stackalloc int[2];
        if (!(OperatingSystem.IsMacOS() ? OpenMacOS(ends) : OpenLinux(ends)))
            return null;
        var theirs = new SafeSocketHandle(ends[1], ownsHandle: true);
        return (new Socket(new SafeSocketHandle(ends[0], ownsHandle: true)), theirs);
    }

    private static unsafe bool OpenLinux(int* ends)
    {
        const int closeOnExec = 0x80000;
        return NativeSocketPair(Unix, Stream | closeOnExec, 0, ends) == 0;
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static unsafe partial int NativeSocketPair(int domain, int type, int protocol, int* ends);
}
