using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Cli.Output;

/// <summary>What <c>-o FILE</c> writes: whole or not at all, with its mode from creation.</summary>
internal static class OutputFile
{
    public const string DefaultMode = "0600";

    /// <summary>Writes the file, in place of what has its name.</summary>
    /// <exception cref="FailureException">It cannot be done; nothing is left behind.</exception>
    public static void Write(string path, UnixFileMode mode, ReadOnlySpan<byte> content)
    {
        var target = Path.GetFullPath(path);
        Refuse(target, Printable.Text(path));
        try
        {
            WholeFile.Write(target, mode, content);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FailureException(ExitCode.Failed, $"cannot write {Printable.Text(path)}: {Printable.Text(error.Message)}");
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
}
