using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opx.Daemon.Audit;

/// <summary>What the kernel says of an open file, cheaply enough to be asked before every record (half a microsecond).</summary>
/// <param name="Names">How many names it has; 0 where it was removed or replaced.</param>
internal readonly partial record struct OpenFile(uint Names, long Length)
{
    public static OpenFile Of(SafeFileHandle file) => OperatingSystem.IsMacOS() ? MacOS(file) : Linux(file);

    private static unsafe OpenFile Linux(SafeFileHandle file)
    {
        const int emptyPath = 0x1000;
        const uint namesAndSize = 0x4 | 0x200;
        Statx buffer;
        byte empty = 0;
        return NativeStatx(file, &empty, emptyPath, namesAndSize, &buffer) == 0
            ? new OpenFile(buffer.Names, (long)buffer.Size)
            : throw new IOException($"statx: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static unsafe partial int NativeStatx(SafeFileHandle file, byte* path, int flags, uint mask, Statx* buffer);

    // linux/stat.h
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(16)]
        public uint Names;
        [FieldOffset(40)]
        public ulong Size;
    }
}
