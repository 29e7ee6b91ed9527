using Opx.Protocol.Interop;

namespace Opx.Protocol.Files;

/// <summary>A directory that nobody but its owner can look into, checked on both sides before a secret is put there or taken from there.</summary>
public static class PrivateDirectory
{
    /// <summary>Mode 0700.</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the directory (and what is missing above it, all 0700) unless it is there, and checks it.</summary>
    /// <exception cref="OpxPathException">It is not ours alone, or cannot be made.</exception>
    public static void Ensure(string path, uint owner)
    {
        try
        {
            if (FileStatus.Of(path) is null)
                Make(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OpxPathException($"cannot make the directory {Printable.Text(path)}: {Printable.Text(error.Message)}");
        }

        Check(path, owner);
    }

    /// <summary>Checks a directory that may be missing.</summary>
    /// <returns>False where it does not exist.</returns>
    /// <exception cref="OpxPathException">It exists and is not ours alone.</exception>
    public static bool Check(string path, uint owner)
    {
        if (FileStatus.Of(path) is not { } status)
            return false;
        var shown = Printable.Text(path);
        if (status.IsSymbolicLink)
            throw new OpxPathException($"{shown} is a symbolic link: opx wants a directory of its own there, with mode 0700");
        if (!status.IsDirectory)
            throw new OpxPathException($"{shown} is not a directory: opx wants one there, with mode 0700");
        if (status.Owner != owner)
            throw new OpxPathException($"{shown} belongs to user {status.Owner}, not to you ({owner}): opx wants a directory of your own there, with mode 0700");
        if (status.IsOpenToOthers)
            throw new OpxPathException($"{shown} has mode {Octal(status.Permissions)} and needs 0700: run chmod 700 {shown}");
        return true;
    }

    // One by one: .NET gives the mode to the last directory only.
    private static void Make(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } above && !Directory.Exists(above))
            Make(above);
        Directory.CreateDirectory(path, Mode);
    }

    internal static string Octal(uint mode) => "0" + Convert.ToString(mode, 8);
}
