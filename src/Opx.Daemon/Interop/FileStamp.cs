using System.Runtime.InteropServices;

namespace Opx.Daemon.Interop;

/// <summary>
/// What tells one content of one file from any other without reading it. Device and inode name the file; the change time, which nobody can
/// set, tells it from a later file under the same number, and from its own earlier content.
/// </summary>
internal readonly partial record struct FileStamp(ulong Device, ulong Inode, long Size, Int128 Changed, uint Mode, uint Owner)
{
    private const int CurrentDirectory = -100, DoNotFollow = 0x100;

    /// <summary>The file that the path leads to; null where there is none, or the system does not say.</summary>
    public static FileStamp? Of(string path) => OperatingSystem.IsMacOS() ? MacOS(path) : Linux(CurrentDirectory, path);

    /// <summary>What lies at the path, be it a link.</summary>
    public static FileStamp? OfItself(string path) =>
        OperatingSystem.IsMacOS() ? MacOSItself(path) : Linux(CurrentDirectory, path, DoNotFollow);

    /// <summary>The file that the name leads to, seen from an open directory. Linux only.</summary>
    public static FileStamp? At(SafeHandle directory, string name)
    {
        var held = false;
        try
        {
            directory.DangerousAddRef(ref held);
            return Linux((int)directory.DangerousGetHandle(), name);
        }
        finally
        {
            if (held)
                directory.DangerousRelease();
        }
    }

    /// <summary>True for the same file, whatever became of its content.</summary>
    public bool IsSameFile(FileStamp other) => Device == other.Device && Inode == other.Inode;

    private static unsafe FileStamp? Linux(int directory, string name, int flags = 0)
    {
        // Without asking a server behind a network file system: what the kernel knows has to do, because nothing may block here.
        const int doNotSync = 0x4000;
        const uint basicStats = 0x7ff;
        Statx buffer;
        return NativeStatx(directory, name, flags | doNotSync, basicStats, &buffer) == 0
            ? new FileStamp(
                ((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor,
                buffer.Inode,
                (long)buffer.Size,
                ((Int128)buffer.ChangedSeconds * 1_000_000_000) + buffer.ChangedNanoseconds,
                buffer.Mode,
                buffer.Uid)
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int NativeStatx(int directory, string path, int flags, uint mask, Statx* buffer);

    // linux/stat.h; one layout on every architecture
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
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
