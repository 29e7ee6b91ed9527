using Opx.Daemon.Interop;

namespace Opx.Daemon.Identity;

/// <summary>
/// The programs that ask for others: <c>opx</c> beside this daemon, and what <c>trusted_clients</c> in <c>config.json</c> lists.
/// </summary>
internal sealed class TrustedClients(IReadOnlyList<string> paths)
{
    /// <summary>The <c>opx</c> that was installed with this daemon, and those that are listed.</summary>
    public static TrustedClients Beside(string? daemonPath, IReadOnlyList<string> listed) =>
        new(Path.GetDirectoryName(daemonPath) is { } directory ? [Path.Combine(directory, "opx"), .. listed] : listed);

    /// <summary>
    /// By device and inode, so that a copy, another name or another <c>argv[0]</c> are not taken for it; and asked anew each time, because
    /// an upgrade puts another file there.
    /// </summary>
    public bool Contains(FileStamp program)
    {
        foreach (var path in paths)
        {
            if (FileStamp.Of(path) is { } trusted && trusted.IsSameFile(program))
                return true;
        }

        return false;
    }
}
