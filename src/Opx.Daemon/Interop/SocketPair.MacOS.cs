using System.Runtime.InteropServices;

namespace Opx.Daemon.Interop;

internal static partial class SocketPair
{
    // Not run on the machines this was written on. See Pipe.MacOS about close-on-exec.
    private static unsafe bool OpenMacOS(int* ends)
    {
        const nuint fioclex = 0x20006601;
        if (NativeSocketPair(Unix, Stream, 0, ends) != 0)
            return false;
        _ = Ioctl(ends[0], fioclex);
        _ = Ioctl(ends[1], fioclex);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(int descriptor, nuint request);
}
