using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opx.Daemon.Audit;

internal readonly partial record struct OpenFile
{
    // Not run on the machines this was written on. On x64 the symbol with 64-bit inodes carries a suffix, on arm64 it does not.
    private static unsafe OpenFile MacOS(SafeFileHandle file)
    {
        Stat buffer;
        var result = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? FStatInode64(file, &buffer) : FStat(file, &buffer);
        return result == 0
            ? new OpenFile(buffer.Names, buffer.Size)
            : throw new IOException($"fstat: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static unsafe partial int FStat(SafeFileHandle file, Stat* buffer);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static unsafe partial int FStatInode64(SafeFileHandle file, Stat* buffer);

    // sys/stat.h, with _DARWIN_FEATURE_64_BIT_INODE
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct Stat
    {
        [FieldOffset(6)]
        public ushort Names;
        [FieldOffset(96)]
        public long Size;
    }
}
