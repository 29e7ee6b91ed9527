using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opx.Daemon.Identity;

internal sealed partial class LinuxProcesses
{
    private const int CurrentDirectory = -100;

    // asm-generic/fcntl.h
    private const int OpenPath = 0x200000, CloseOnExec = 0x80000;

    private static SafeFileHandle Open(int directory, string path, int flags) =>
        new(NativeOpenAt(directory, path, flags), ownsHandle: true);

    private static SafeFileHandle Open(SafeFileHandle directory, string path, int flags) =>
        new(NativeOpenAt(directory, path, flags), ownsHandle: true);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(SafeHandle socket, int level, int option, ref int value, ref uint size);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeOpenAt(int directory, string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeOpenAt(SafeFileHandle directory, string path, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint ReadLinkAt(SafeFileHandle directory, string path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static unsafe partial nint PRead(SafeFileHandle file, byte* buffer, nuint size, long offset);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
