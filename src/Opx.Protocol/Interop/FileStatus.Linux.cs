using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

public readonly partial record struct FileStatus
{
    // statx has one layout on every architecture, which struct stat has not.
    private static unsafe FileStatus? Linux(string path)
    {
        const int atCurrentDirectory = -100, doNotFollow = 0x100;
        const uint basicStats = 0x7ff;
        Statx buffer;
        return NativeStatx(atCurrentDirectory, path, doNotFollow, basicStats, &buffer) == 0
            ? new FileStatus(buffer.Uid, buffer.Mode, ((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor, buffer.Inode)
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int NativeStatx(int directory, string path, int flags, uint mask, Statx* buffer);

    // linux/stat.h
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(20)]
        public uint Uid;
        [FieldOffset(28)]
        public ushort Mode;
        [FieldOffset(32)]
        public ulong Inode;
        [FieldOffset(136)]
        public uint DeviceMajor;
        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
