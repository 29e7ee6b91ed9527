using Opx.Cli.Running;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Cli.Output;

/// <summary>What <c>-o FILE</c> writes: whole or not at all, with its mode from creation.</summary>
internal static class OutputFile
{
    public const string DefaultMode = "0600";

    /// <summary>Writes a temporary file beside the target, syncs it and renames it over the target.</summary>
    /// <exception cref="FailureException">It cannot be done; nothing is left behind.</exception>
    public static void Write(string path, UnixFileMode mode, ReadOnlySpan<byte> content)
    {
        var target = Path.GetFullPath(path);
        Refuse(target, Printable.Text(path));
        var temporary = $"{target}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var file = InheritedState.WithoutMask(() => new FileStream(temporary, Creation(mode))))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Where the directory is missing, removing a file from it is an error of its own.
            if (File.Exists(temporary))
                File.Delete(temporary);
            var why = error.Message.Replace(temporary, target, StringComparison.Ordinal);
            throw new FailureException(ExitCode.Failed, $"cannot write {Printable.Text(path)}: {Printable.Text(why)}");
        }
    }

    /// <summary>Three or four octal digits.</summary>
    public static UnixFileMode ParseMode(string text)
    {
        if (text.Length is 3 or 4 && text.All(digit => digit is >= '0' and <= '7') && (text.Length == 3 || text[0] == '0'))
            return (UnixFileMode)Convert.ToInt32(text, 8);
        throw new UsageException($"--file-mode wants octal such as 0640, not '{Printable.Text(text)}'");
    }

    /// <summary>A rename replaces whatever bears the name. Over a link it would leave the file that was meant as it is, over a device (as
    /// root) it would take the device away.</summary>
    private static void Refuse(string target, string shown)
    {
        if (FileStatus.Of(target) is not { IsRegularFile: false } status)
            return;
        throw new FailureException(ExitCode.Failed, status switch
        {
            { IsSymbolicLink: true } => $"{shown} is a symbolic link: name the file it leads to",
            { IsDirectory: true } => $"{shown} is a directory: name a file in it",
            _ => $"{shown} is not a plain file: leave -o out and redirect standard output",
        });
    }

    private static FileStreamOptions Creation(UnixFileMode mode) =>
        new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode, BufferSize = 0 };
}
