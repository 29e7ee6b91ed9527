using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

/// <summary>
/// What the kernel says of a file, as <c>stat(2)</c> does: the one place that knows the layouts. Whoever asks takes what it needs of it
/// (<see cref="FileStatus"/> for owner and mode).
/// </summary>
/// <param name="Links">How many names it has; 0 for an open file that was removed or replaced.</param>
/// <param name="Changed">The change time, which nobody can set, in nanoseconds since 1970.</param>
public readonly partial record struct Stat(ulong Device, ulong Inode, uint Links, uint Mode, uint Owner, long Size, Int128 Changed)
{
    /// <summary>Null where the system refused; <see cref="Marshal.GetLastPInvokeError"/> says why.</summary>
    /// <param name="follow">Look at what a link leads to, and not at the link.</param>
    /// <param name="mayWait">False to be content with what is known here of a file on a server, so that nothing blocks.</param>
    public static Stat? Of(string path, bool follow, bool mayWait = true) =>
        OperatingSystem.IsMacOS() ? MacOS(path, follow) : Linux(path, follow, mayWait);

    /// <summary>What a name in an open directory leads to, without waiting for a server. Linux only.</summary>
    public static Stat? At(SafeHandle directory, string name) => Linux(directory, name);

    /// <summary>An open file, whatever became of its name: half a microsecond.</summary>
    public static Stat? Of(SafeHandle file) => OperatingSystem.IsMacOS() ? MacOS(file) : Linux(file);
}
