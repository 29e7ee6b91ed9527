using Opx.Protocol.Interop;

namespace Opx.Protocol.Files;

/// <summary>Files that hold something secret, or that must not be another's: mode 0600 from their creation, replaced whole.</summary>
public static class PrivateFile
{
    /// <summary>Mode 0600.</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file's bytes; null where it does not exist.</summary>
    /// <exception cref="OpxPathException">It is a link, another's, or open to others.</exception>
    public static byte[]? Read(string path, uint owner)
    {
        if (FileStatus.Of(path) is not { } status)
            return null;
        var shown = Printable.Text(path);
        if (!status.IsRegularFile)
            throw new OpxPathException($"{shown} is not a plain file: remove it, and opx-authd makes a new one");
        if (status.Owner != owner)
            throw new OpxPathException($"{shown} belongs to user {status.Owner}, not to you ({owner})");
        if (status.IsOpenToOthers)
            throw new OpxPathException($"{shown} has mode {PrivateDirectory.Octal(status.Permissions)} and needs 0600: run chmod 600 {shown}");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OpxPathException($"cannot read {shown}: {Printable.Text(error.Message)}");
        }
    }

    /// <summary>Nothing of it is left: removed, or emptied where its directory does not let go of it.</summary>
    /// <exception cref="OpxPathException">Neither could be done.</exception>
    public static void Erase(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            try
            {
                new FileStream(path, FileMode.Truncate, FileAccess.Write).Dispose();
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                throw new OpxPathException($"cannot remove {Printable.Text(path)}: {Printable.Text(error.Message)}");
            }
        }
    }

    /// <summary>Replaces the file, whole.</summary>
    /// <exception cref="OpxPathException">It could not be written; nothing is left behind.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            WholeFile.Write(path, Mode, content);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OpxPathException($"cannot write {Printable.Text(path)}: {Printable.Text(error.Message)}");
        }
    }
}
