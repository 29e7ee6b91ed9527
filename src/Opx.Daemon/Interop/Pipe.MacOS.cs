using System.Runtime.InteropServices;

namespace Opx.Daemon.Interop;

internal sealed partial class Pipe
{
    // Not run on the machines this was written on. There is no pipe2: between the two calls another thread may start a child, which is why
    // our own children are started with POSIX_SPAWN_CLOEXEC_DEFAULT. ioctl rather than fcntl: it wants no third argument, and variadic
    // arguments travel differently on arm64.
    private static unsafe bool OpenMacOS(int* ends)
    {
        const nuint fioclex = 0x20006601;
        if (NativePipe(ends) != 0)
            return false;
        _ = Ioctl(ends[0], fioclex);
        _ = Ioctl(ends[1], fioclex);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    private static unsafe partial int NativePipe(int* ends);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(int descriptor, nuint request);
}
