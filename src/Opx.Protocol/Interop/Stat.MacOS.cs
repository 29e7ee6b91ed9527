using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

public readonly partial record struct Stat
{
    // Not run on the machines this was written on. On x64 the symbols with 64-bit inodes carry a suffix, on arm64 they do not.
    private static bool HasSuffix => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static unsafe Stat? MacOS(string path, bool follow)
    {
        Darwin buffer;
        var result = (follow, HasSuffix) switch
        {
            (true, true) => StatInode64(path, &buffer),
            (true, false) => PlainStat(path, &buffer),
            (false, true) => LStatInode64(path, &buffer),
            _ => LStat(path, &buffer),
        };
        return result == 0 ? From(buffer) : null;
    }

    private static unsafe Stat? MacOS(SafeHandle file)
    {
        Darwin buffer;
        return (HasSuffix ? FStatInode64(file, &buffer) : FStat(file, &buffer)) == 0 ? From(buffer) : null;
    }

    private static Stat From(in Darwin buffer) => new(
        buffer.Device,
        buffer.Inode,
        buffer.Links,
        buffer.Mode,
        buffer.Uid,
        buffer.Size,
        ((Int128)buffer.ChangedSeconds * 1_000_000_000) + buffer.ChangedNanoseconds);

    [LibraryImport("libc", EntryPoint = "stat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int PlainStat(string path, Darwin* buffer);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatInode64(string path, Darwin* buffer);

    [LibraryImport("libc", EntryPoint = "lstat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int LStat(string path, Darwin* buffer);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int LStatInode64(string path, Darwin* buffer);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static unsafe partial int FStat(SafeHandle file, Darwin* buffer);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static unsafe partial int FStatInode64(SafeHandle file, Darwin* buffer);

    // sys/stat.h, with _DARWIN_FEATURE_64_BIT_INODE
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct Darwin
    {
        [FieldOffset(0)]
        public uint Device;
        [FieldOffset(4)]
        public ushort Mode;
        [FieldOffset(6)]
        public ushort Links;
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
