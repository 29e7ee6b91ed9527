using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

public readonly partial record struct Stat
{
    // linux/fcntl.h, linux/stat.h
    private const int CurrentDirectory = -100, DoNotFollow = 0x100, EmptyPath = 0x1000, DoNotSync = 0x4000;
    private const uint BasicStats = 0x7ff;

    private static unsafe Stat? Linux(string path, bool follow, bool mayWait)
    {
        Statx buffer;
        var flags = (follow ? 0 : DoNotFollow) | (mayWait ? 0 : DoNotSync);
        return StatxOf(CurrentDirectory, path, flags, BasicStats, &buffer) == 0 ? From(buffer) : null;
    }

    private static unsafe Stat? Linux(SafeHandle directory, string name)
    {
        Statx buffer;
        return StatxAt(directory, name, DoNotSync, BasicStats, &buffer) == 0 ? From(buffer) : null;
    }

    private static unsafe Stat? Linux(SafeHandle file)
    {
        Statx buffer;
        return StatxAt(file, "", EmptyPath, BasicStats, &buffer) == 0 ? From(buffer) : null;
    }

    private static Stat From(in Statx buffer) => new(
        ((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor,
        buffer.Inode,
        buffer.Links,
        buffer.Mode,
        buffer.Uid,
        (long)buffer.Size,
        ((Int128)buffer.ChangedSeconds * 1_000_000_000) + buffer.ChangedNanoseconds);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatxOf(int directory, string path, int flags, uint mask, Statx* buffer);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatxAt(SafeHandle directory, string path, int flags, uint mask, Statx* buffer);

    // linux/stat.h: one layout on every architecture, which struct stat has not.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(16)]
        public uint Links;
        [FieldOffset(20)]
        public uint Uid;
        [FieldOffset(28)]
        public ushort Mode;
        [FieldOffset(32)]
        public ulong Inode;
        [FieldOffset(40)]
        public ulong Size;
        [FieldOffset(96)]
        public long ChangedSeconds;
        [FieldOffset(104)]
        public uint ChangedNanoseconds;
        [FieldOffset(136)]
        public uint DeviceMajor;
        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
