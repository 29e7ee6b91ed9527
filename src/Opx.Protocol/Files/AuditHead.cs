using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opx.Protocol.Files;

/// <summary>Where the chain of the audit log ends, kept beside the log so that cutting off its tail shows.</summary>
/// <param name="Seq">The number of the newest record; 0 before the first.</param>
/// <param name="Hash">Its hash, 64 lower-case hexadecimal digits.</param>
/// <param name="First">The number of the oldest record that retention has left.</param>
public sealed record AuditHead(long Seq, string Hash, long First)
{
    /// <summary>Bytes of the file: always as many, so that it can be overwritten in place.</summary>
    public const int FileBytes = 140;

    /// <summary>What stands for the hash before the first record.</summary>
    public static readonly string NoHash = new('0', AuditLine.HashDigits);

    public static readonly AuditHead Empty = new(0, NoHash, 1);

    public byte[] ToBytes()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{{\"seq\":{Seq},\"hash\":\"{Hash}\",\"first\":{First}}}");
        return Encoding.ASCII.GetBytes(text.PadRight(FileBytes - 1) + "\n");
    }

    /// <summary>The head; null where the file holds none.</summary>
    public static AuditHead? Parse(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            var hash = root.GetProperty("hash").GetString() ?? "";
            var head = new AuditHead(root.GetProperty("seq").GetInt64(), hash, root.GetProperty("first").GetInt64());
            return head is { Seq: >= 0, First: > 0 } && AuditLine.IsHash(Encoding.ASCII.GetBytes(head.Hash)) ? head : null;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
