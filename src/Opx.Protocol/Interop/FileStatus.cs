using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

/// <summary>What <c>lstat</c> says of a path: .NET tells the mode of a file but not its owner.</summary>
public readonly record struct FileStatus(uint Owner, uint Mode, ulong Device, ulong Inode)
{
    private const uint TypeMask = 0xF000;

    public bool IsDirectory => (Mode & TypeMask) == 0x4000;

    public bool IsRegularFile => (Mode & TypeMask) == 0x8000;

    public bool IsSymbolicLink => (Mode & TypeMask) == 0xA000;

    public bool IsSocket => (Mode & TypeMask) == 0xC000;

    /// <summary>The permission bits, with set-id and sticky.</summary>
    public uint Permissions => Mode & 0xFFF;

    /// <summary>True where somebody other than the owner may do something with it.</summary>
    public bool IsOpenToOthers => (Mode & 0x3F) != 0;

    /// <summary>True where somebody other than the owner may write, and the sticky bit does not keep them from replacing entries.</summary>
    public bool LetsOthersReplace => (Mode & 0x12) != 0 && (Mode & 0x200) == 0;

    /// <summary>The status of the path itself, links not followed unless that is wanted; null where it does not exist.</summary>
    /// <exception cref="IOException">The system refused to say.</exception>
    public static FileStatus? Of(string path, bool follow = false)
    {
        if (Stat.Of(path, follow) is { } stat)
            return new FileStatus(stat.Owner, stat.Mode, stat.Device, stat.Inode);
        var error = Marshal.GetLastPInvokeError();
        return error is Errno.NoEntry or Errno.NotDirectory
            ? null
            : throw new IOException($"{Printable.Text(path)}: {Marshal.GetPInvokeErrorMessage(error)}");
    }
}
