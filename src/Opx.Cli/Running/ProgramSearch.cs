using Opx.Protocol.Files;

namespace Opx.Cli.Running;

/// <summary>Looks for a program of somebody else's.</summary>
internal static class ProgramSearch
{
    /// <summary>The program's path; null where there is none.</summary>
    /// <param name="named">The path that a variable names; nothing else is tried then.</param>
    /// <param name="searchPath">Directories, with colons between; relative ones do not count.</param>
    /// <param name="own">This program: a link to it under the other's name (a drop-in) is passed over, or it would run itself for
    /// ever.</param>
    public static string? Find(string name, string? named, string? searchPath, string? own)
    {
        var self = own is null ? null : StablePath.Identity(own);
        if (named is not null)
            return IsExecutable(named) && !IsSelf(named, self) ? named : null;
        foreach (var directory in (searchPath ?? "").Split(':'))
        {
            if (!Path.IsPathRooted(directory))
                continue;
            var candidate = Path.Combine(directory, name);
            if (IsExecutable(candidate) && !IsSelf(candidate, self))
                return candidate;
        }

        return null;
    }

    public static bool IsExecutable(string path)
    {
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (File.GetUnixFileMode(path) & execute) != 0;
    }

    // By the file, by a link's name (another opx than this one, an older one say, is no op either), and a script by what it says.
    private static bool IsSelf(string path, (ulong Device, ulong Inode)? self) => self is not null
        && (StablePath.Identity(path) == self
            || Path.GetFileName(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName) == "opx"
            || WrapperScript.RunsOpx(path));
}
