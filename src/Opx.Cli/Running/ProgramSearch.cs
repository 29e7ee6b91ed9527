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
    /// <param name="passed">Programs that are passed over as well.</param>
    public static string? Find(string name, string? named, string? searchPath, string? own, IReadOnlyList<string>? passed = null)
    {
        var self = own is null ? null : StablePath.Identity(own);
        if (named is not null)
            return IsExecutable(named) && !IsSelf(named, self) && passed?.Contains(named) != true ? named : null;
        foreach (var directory in (searchPath ?? "").Split(':'))
        {
            if (!Path.IsPathRooted(directory))
                continue;
            var candidate = Path.Combine(directory, name);
            if (IsExecutable(candidate) && !IsSelf(candidate, self) && passed?.Contains(candidate) != true)
                return candidate;
        }

        return null;
    }

    public static bool IsExecutable(string path)
    {
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            return File.Exists(path) && (File.GetUnixFileMode(path) & execute) != 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or in a directory that we may not look into: as a shell does, the next one is tried.
            return false;
        }
    }

    // By the file, by a link's name (another opx than this one, an older one say, is no op either), and a script by what it says.
    private static bool IsSelf(string path, (ulong Device, ulong Inode)? self) => self is not null
        && (StablePath.Identity(path) == self || Path.GetFileName(StablePath.Target(path)) == "opx" || WrapperScript.RunsOpx(path));
}
