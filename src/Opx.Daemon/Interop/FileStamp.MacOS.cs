using System.Runtime.InteropServices;

namespace Opx.Daemon.Interop;

internal readonly partial record struct FileStamp
{
    // Not run on the machines this was written on. On x64 the symbol with 64-bit inodes carries a suffix, on arm64 it does not.
    private static unsafe FileStamp? MacOS(string path)
    {
        Stat buffer;
        var result = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? StatInode64(path, &buffer) : PlainStat(path, &buffer);
        return result == 0 ? From(buffer) : null;
    }

    private static unsafe FileStamp? MacOSItself(string path)
    {
        Stat buffer;
        var result = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? LStatInode64(path, &buffer) : LStat(path, &buffer);
        return result == 0 ? From(buffer) : null;
    }

    private static FileStamp From(in Stat buffer) =>
        new(
            buffer.Device,
            buffer.Inode,
            buffer.Size,
            ((Int128)buffer.ChangedSeconds * 1_000_000_000) + buffer.ChangedNanoseconds,
            buffer.Mode,
            buffer.Uid);

    [LibraryImport("libc", EntryPoint = "stat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int PlainStat(string path, Stat* buffer);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatInode64(string path, Stat* buffer);

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
        [FieldOffset(64)]
        public long ChangedSeconds;
        [FieldOffset(72)]
        public long ChangedNanoseconds;
        [FieldOffset(96)]
        public long Size;
    }
}
