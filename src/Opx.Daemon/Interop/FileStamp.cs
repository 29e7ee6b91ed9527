using System.Runtime.InteropServices;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Interop;

/// <summary>
/// What tells one content of one file from any other without reading it. Device and inode name the file; the change time, which nobody can
/// set, tells it from a later file under the same number, and from its own earlier content.
/// </summary>
internal readonly record struct FileStamp(ulong Device, ulong Inode, long Size, Int128 Changed, uint Mode, uint Owner)
{
    /// <summary>The file that the path leads to; null where there is none, or the system does not say. Never waits for a server.</summary>
    public static FileStamp? Of(string path) => From(Stat.Of(path, follow: true, mayWait: false));

    /// <summary>What lies at the path, be it a link.</summary>
    public static FileStamp? OfItself(string path) => From(Stat.Of(path, follow: false, mayWait: false));

    /// <summary>The file that the name leads to, seen from an open directory. Linux only.</summary>
    public static FileStamp? At(SafeHandle directory, string name) => From(Stat.At(directory, name));

    /// <summary>True for the same file, whatever became of its content.</summary>
    public bool IsSameFile(FileStamp other) => Device == other.Device && Inode == other.Inode;

    private static FileStamp? From(Stat? stat) =>
        stat is { } file ? new FileStamp(file.Device, file.Inode, file.Size, file.Changed, file.Mode, file.Owner) : null;
}
