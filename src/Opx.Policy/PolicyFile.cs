using Opx.Policy.Loading;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Policy;

/// <summary><c>policy.json</c>: from the file to the rules. The daemon and <c>opx policy</c> read it here and nowhere else.</summary>
public static class PolicyFile
{
    /// <summary>A larger file is a fault: it is read whole, at every change.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>The file's policy; null where there is no file. Whatever else is in the way is a fault, never "no policy".</summary>
    /// <param name="owner">Whose file it has to be. Root's is taken too: who could write that one needs no policy.</param>
    public static PolicyLoad? Read(string path, uint owner)
    {
        var content = Content(path, owner, out var fault);
        return fault is not null ? new PolicyLoad(null, new PolicyFault(path, 0, fault), [])
            : content is null ? null
            : Load(content, path);
    }

    /// <summary>The file's bytes, null where there is no file, or in <paramref name="fault"/> why they are not to be trusted.</summary>
    public static byte[]? Content(string path, uint owner, out string? fault)
    {
        try
        {
            fault = null;
            if (FileStatus.Of(path) is not { } status)
            {
                // Nothing there may mean that somebody else put it away.
                fault = AncestorFault(path);
                return null;
            }

            fault = Distrust(status, owner, Printable.Text(path)) ?? DirectoryFault(path, owner) ?? AncestorFault(path);
            if (fault is not null)
                return null;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var content = new byte[MostBytes + 1];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length <= MostBytes)
                return content[..length];
            fault = $"is larger than {MostBytes / (1024 * 1024)} MiB";
            return null;
        }
        catch (FileNotFoundException)
        {
            // Removed since it was looked at.
            fault = null;
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault = $"cannot be read: {Printable.Text(error.Message)}";
            return null;
        }
    }

    /// <summary>The policy in some bytes.</summary>
    /// <param name="path">What to call the file in faults.</param>
    public static PolicyLoad Load(ReadOnlySpan<byte> content, string path)
    {
        try
        {
            var document = DocumentReader.Read(content, path);
            return new PolicyLoad(document, null, PolicyWarnings.Of(document));
        }
        catch (PolicyFaultException fault)
        {
            return new PolicyLoad(null, new PolicyFault(path, fault.Line, fault.Message), []);
        }
    }

    /// <summary>A moment as the file writes it, RFC 3339 with its zone; null for a text that is none.</summary>
    public static DateTimeOffset? ParseMoment(string text) => Rfc3339.Parse(text);

    private static string? Distrust(FileStatus status, uint owner, string shown) => status switch
    {
        { IsSymbolicLink: true } => "is a symbolic link: put the file itself there, or name the file it leads to",
        { IsRegularFile: false } => "is not a plain file",
        _ when status.Owner != owner && status.Owner != 0 => $"belongs to user {status.Owner}, not to you ({owner})",
        _ when (status.Mode & 0x12) != 0 => $"can be written by others: run chmod 600 {shown}",
        _ => null,
    };

    // Who may replace the entries of its directory needs no right to write the file.
    private static string? DirectoryFault(string path, uint owner)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        var shown = Printable.Text(directory);
        return FileStatus.Of(directory) switch
        {
            { IsSymbolicLink: true } => $"lies in {shown}, which is a symbolic link: name the directory it leads to",
            { Owner: var other } when other != owner && other != 0 =>
                $"lies in {shown}, which belongs to user {other}, not to you ({owner})",
            { LetsOthersReplace: true } => $"lies in {shown}, where others may write: run chmod 700 {shown}",
            _ => null,
        };
    }

    // Nor who may replace one of the directories above. A group's right is the owner's word; everybody's is a mistake.
    private static string? AncestorFault(string path)
    {
        const uint everybodyWrites = 0x2, sticky = 0x200;
        for (var above = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path))); above is not null; above = Path.GetDirectoryName(above))
        {
            if (FileStatus.Of(above) is { IsDirectory: true } status && (status.Permissions & (everybodyWrites | sticky)) == everybodyWrites)
            {
                var shown = Printable.Text(above);
                return $"lies below {shown}, where everybody may write: run chmod o-w {shown}";
            }
        }

        return null;
    }
}
