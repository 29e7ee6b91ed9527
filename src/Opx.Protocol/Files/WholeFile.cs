using Microsoft.Win32.SafeHandles;
using Opx.Protocol.Interop;

namespace Opx.Protocol.Files;

/// <summary>
/// The one way in which a file is written: it gets its name when all of it is on the disk, and replaces what had the name before. A reader sees the
/// old bytes or the new ones, and a writer who is killed leaves nothing lying about, which might be a value.
/// </summary>
public static class WholeFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="mode">The very mode, whatever the mask says. Until it is written the file is its owner's alone.</param>
    /// <exception cref="IOException">It could not be written; nothing is left behind.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Write(string path, UnixFileMode mode, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            if (TryWriteUnnamed(path, temporary, mode, content))
                return;
            var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private, BufferSize = 0 };
            using (var file = new FileStream(temporary, creation))
                Fill(file.SafeFileHandle, mode, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Where the directory is missing, removing a file from it is an error of its own.
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw error.Message.Contains(temporary, StringComparison.Ordinal)
                ? new IOException(error.Message.Replace(temporary, path, StringComparison.Ordinal), error)
                : error;
        }
    }

    // No call replaces a file by one without a name: where there is one already, the new one has another name for the time between two calls.
    private static bool TryWriteUnnamed(string path, string temporary, UnixFileMode mode, ReadOnlySpan<byte> content)
    {
        using var file = UnnamedFile.TryCreate(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (file is null)
            return false;
        Fill(file, mode, content);
        if (UnnamedFile.TryName(file, path))
            return true;
        if (!UnnamedFile.TryName(file, temporary))
            return false;
        File.Move(temporary, path, overwrite: true);
        return true;
    }

    private static void Fill(SafeFileHandle file, UnixFileMode mode, ReadOnlySpan<byte> content)
    {
        File.SetUnixFileMode(file, mode);
        WriteAt(file, content, 0);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Writes what a limit may forbid as a disk may.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void WriteAt(SafeFileHandle file, ReadOnlySpan<byte> content, long offset)
    {
        try
        {
            RandomAccess.Write(file, content, offset);
        }
        catch (ArgumentOutOfRangeException)
        {
            // What .NET makes of EFBIG.
            throw new IOException("File too large");
        }
    }
}
