using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

public readonly partial record struct FileStatus
{
    // Not run on the machines this was written on. On x64 the symbol with 64-bit inodes carries a suffix, on arm64 it does not.
    private static unsafe FileStatus? MacOS(string path)
    {
        Stat buffer;
        var result = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? LStatInode64(path, &buffer) : LStat(path, &buffer);
        return result == 0 ? new FileStatus(buffer.Uid, buffer.Mode, buffer.Device, buffer.Inode) : null;
    }

    [LibraryImport("libc", EntryPoint = "lstat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int LStat(string path, Stat* buffer);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int LStatInode64(string path, Stat* buffer);

    // sys/stat.h, with _DARWIN_FEATURE_64_BIT_INODE
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct Stat
    {
        [FieldOffset(0)]
        public uint Device;
        [FieldOffset(4)]
        public ushort Mode;
        [FieldOffset(8)]
        public ulong Inode;
        [FieldOffset(16)]
        public uint Uid;
    }
}
