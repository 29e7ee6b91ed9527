namespace Opx.Protocol.Files;

/// <summary>What a reader makes of <c>audit.head</c>.</summary>
/// <param name="Head">Null where there is none that can be trusted.</param>
/// <param name="Fault">Why it cannot be; null where there is no file, or no head in it.</param>
public sealed record AuditFoundHead(AuditHead? Head, string? Fault)
{
    // The daemon overwrites the file in place, and a file system may show half of that.
    private const int Attempts = 5;

    /// <param name="key">Of <see cref="AuditKeys.Head"/>.</param>
    public static AuditFoundHead Read(string directory, byte[]? key)
    {
        for (var attempt = 1; ; attempt++)
        {
            var found = Once(directory, key);
            if (found.Head is not null || attempt == Attempts)
                return found;
        }
    }

    private static AuditFoundHead Once(string directory, byte[]? key)
    {
        try
        {
            var path = AuditFiles.HeadFile(directory);
            if (!File.Exists(path) || AuditHead.Parse(File.ReadAllBytes(path)) is not { } head)
                return new AuditFoundHead(null, null);
            if (key is null)
                return new AuditFoundHead(null, "cannot be checked, because audit.key is missing or no P-256 key");
            return head.IsBy(key) ? new AuditFoundHead(head, null) : new AuditFoundHead(null, "not written by the holder of audit.key: edited, or put there");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new AuditFoundHead(null, null);
        }
    }
}
