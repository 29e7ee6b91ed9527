using Opx.Protocol.Interop;

namespace Opx.Cli.Running;

/// <summary>The name by which a program will still be found after an upgrade: a package manager's link on the path, not the versioned
/// directory that it leads to today.</summary>
internal static class StablePath
{
    public static string Of(string program, string? searchPath)
    {
        var target = Identity(program);
        foreach (var directory in (searchPath ?? "").Split(':'))
        {
            var candidate = Path.Combine(directory, Path.GetFileName(program));
            if (Path.IsPathRooted(directory) && target is not null && Identity(candidate) == target)
                return candidate;
        }

        return program;
    }

    /// <summary>Device and inode of the file at the end of all links; null where there is none.</summary>
    public static (ulong Device, ulong Inode)? Identity(string path)
    {
        try
        {
            return Target(path) is { } file && FileStatus.Of(file) is { } status ? (status.Device, status.Inode) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The file at the end of all links; null where that cannot be told.</summary>
    public static string? Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
