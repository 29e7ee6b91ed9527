using System.Globalization;
using System.Security.Cryptography;
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
    public const int FileBytes = 224;

    /// <summary>What stands for the hash before the first record.</summary>
    public static readonly string NoHash = new('0', AuditLine.HashDigits);

    public static readonly AuditHead Empty = new(0, NoHash, 1);

    /// <summary>What the file carries as its authentication; empty where it carries none.</summary>
    public string Mac { get; private init; } = "";

    /// <summary>What is authenticated: the file up to <c>mac</c>.</summary>
    private byte[] Text =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"seq\":{Seq},\"hash\":\"{Hash}\",\"first\":{First}"));

    /// <summary>True where the holder of the private key wrote it. A head without authentication is nobody's: to take one, be it once at an upgrade,
    /// would let whoever cuts the log write such a head.</summary>
    /// <param name="key">Of <see cref="AuditKeys.HeadKey"/>.</param>
    public bool IsBy(ReadOnlySpan<byte> key)
    {
        Span<byte> mac = stackalloc byte[AuditLine.HashDigits];
        Authenticate(Text, key, mac);
        return CryptographicOperations.FixedTimeEquals(mac, Encoding.ASCII.GetBytes(Mac));
    }

    /// <summary>HMAC-SHA256 of the text, as 64 digits.</summary>
    public static void Authenticate(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, Span<byte> digits)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text, mac);
        AuditLine.ToDigits(mac, digits);
    }

    public byte[] ToBytes(ReadOnlySpan<byte> key)
    {
        var text = Text;
        var mac = new byte[AuditLine.HashDigits];
        Authenticate(text, key, mac);
        var whole = Encoding.ASCII.GetString(text) + ",\"mac\":\"" + Encoding.ASCII.GetString(mac) + "\"}";
        return Encoding.ASCII.GetBytes(whole.PadRight(FileBytes - 1) + "\n");
    }

    /// <summary>The head, whoever wrote it; null where the file holds none.</summary>
    public static AuditHead? Parse(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            var hash = root.GetProperty("hash").GetString() ?? "";
            var mac = root.TryGetProperty("mac", out var member) ? member.GetString() ?? "" : "";
            var head = new AuditHead(root.GetProperty("seq").GetInt64(), hash, root.GetProperty("first").GetInt64()) { Mac = mac };
            return head is { Seq: >= 0, First: > 0 } && AuditLine.IsHash(Encoding.ASCII.GetBytes(head.Hash)) ? head : null;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
