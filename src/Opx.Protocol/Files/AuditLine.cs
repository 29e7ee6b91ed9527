using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Opx.Protocol.Files;

/// <summary>
/// The form of a line, and how it is chained: <c>hash</c>, always last, is the SHA-256 of the line without it; <c>prev</c> is the hash of the
/// line before. A checkpoint's <c>signature</c> (ECDSA P-256, DER, base64) is of the line without <c>signature</c> and <c>hash</c>, which
/// names the head in its <c>prev</c>.
/// </summary>
public static class AuditLine
{
    public const int HashDigits = 64;

    /// <summary>No record is longer; what is, is not ours and is not kept in memory.</summary>
    public const int MostBytes = 256 * 1024;

    // Nothing but ASCII reaches the file, so it cannot move the cursor or turn the text of whoever prints it raw.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.Default, SkipValidation = true };

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    private static ReadOnlySpan<byte> HashMember => ",\"hash\":\""u8;

    private static ReadOnlySpan<byte> SignatureMember => ",\"signature\":\""u8;

    private static ReadOnlySpan<byte> PrevMember => ",\"prev\":\""u8;

    private static ReadOnlySpan<byte> SeqMember => ",\"seq\":"u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    public static Utf8JsonWriter NewWriter() => new(Stream.Null, Writing);

    /// <summary>Writes the record as an object without <c>hash</c>.</summary>
    public static void Write(Utf8JsonWriter writer, DateTimeOffset time, AuditEvent content, long seq, ReadOnlySpan<byte> prev)
    {
        Members(writer, time, content);
        Finish(writer, seq, prev);
    }

    /// <summary>Writes a record that was read as an object of its own, without what chains it.</summary>
    public static void WriteUnchained(Utf8JsonWriter writer, AuditRecord record)
    {
        Members(writer, record.Timestamp, record.Content);
        writer.WriteNumber("seq"u8, record.Seq);
        writer.WriteEndObject();
    }


    /// <summary>Writes what a checkpoint signs.</summary>
    public static void WriteCheckpoint(Utf8JsonWriter writer, DateTimeOffset time, long first, long seq, ReadOnlySpan<byte> prev)
    {
        Begin(writer, time, AuditEvents.Checkpoint);
        writer.WriteNumber("first"u8, first);
        Finish(writer, seq, prev);
    }

    /// <summary>Appends the signature to what <see cref="WriteCheckpoint"/> wrote.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> text, ECDsa key)
    {
        var signature = Convert.ToBase64String(key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        return [.. text[..^1], .. SignatureMember, .. System.Text.Encoding.ASCII.GetBytes(signature), .. End];
    }

    /// <summary>Appends the line of a record's text, with hash and newline.</summary>
    /// <param name="hash">Receives its hash.</param>
    public static void Seal(ReadOnlySpan<byte> text, IBufferWriter<byte> into, Span<byte> hash)
    {
        Hash(text, hash);
        into.Write(text[..^1]);
        into.Write(HashMember);
        into.Write(hash);
        into.Write("\"}\n"u8);
    }

    /// <summary>Takes a line (without newline) apart, from its end; false where it is not of our form. A string's quotes have backslashes
    /// before them, so nothing within a value looks like a member.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> line, out AuditLink link)
    {
        link = default;
        if (line.IsEmpty || line[^1] != '}' || !TakeLast(line[..^1], HashMember, out var text, out var hash) || !IsHash(hash))
            return false;
        var signed = TakeLast(text, SignatureMember, out var unsigned, out var signature) ? unsigned : text;
        if (!TakeLast(signed, PrevMember, out var rest, out var prev) || !IsHash(prev))
            return false;
        var at = rest.LastIndexOf(SeqMember) + SeqMember.Length;
        if (at < SeqMember.Length || !Utf8Parser.TryParse(rest[at..], out long seq, out var digits) || at + digits != rest.Length || seq < 1)
            return false;
        link = new AuditLink(seq, prev, hash, text, signed, signature);
        return true;
    }

    /// <summary>Splits off the last member, where it is this one and a string without escapes.</summary>
    private static bool TakeLast(ReadOnlySpan<byte> text, ReadOnlySpan<byte> member, out ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value)
    {
        var at = text.LastIndexOf(member);
        rest = value = default;
        if (at < 0 || text[^1] != '"' || text.Length < at + member.Length + 1)
            return false;
        rest = text[..at];
        value = text[(at + member.Length)..^1];
        return value.IndexOfAny((byte)'"', (byte)'\\') < 0;
    }

    /// <summary>The hash of a record's text that has lost its closing brace.</summary>
    internal static void HashOpen(ReadOnlySpan<byte> open, Span<byte> hash)
    {
        var text = ArrayPool<byte>.Shared.Rent(open.Length + 1);
        open.CopyTo(text);
        text[open.Length] = (byte)'}';
        Hash(text.AsSpan(0, open.Length + 1), hash);
        ArrayPool<byte>.Shared.Return(text);
    }

    /// <summary>True for the beginning of a record that is not all of it, with the zeros some file systems put where data were lost: what a crash
    /// leaves. A whole line of something else is no such thing.</summary>
    public static bool IsUnfinished(ReadOnlySpan<byte> line)
    {
        var written = line.TrimEnd((byte)0);
        var begin = "{\"timestamp\":\""u8;
        var compared = Math.Min(written.Length, begin.Length);
        if (!written[..compared].SequenceEqual(begin[..compared]))
            return false;
        try
        {
            var reader = new Utf8JsonReader(written, isFinalBlock: false, default);
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.EndObject)
                    return false;
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>True where the line is of this kind. All lines begin with a time of fixed length: a look at this place is a look at the member
    /// itself.</summary>
    public static bool IsEvent(ReadOnlySpan<byte> line, ReadOnlySpan<byte> kind)
    {
        const int at = 39;
        if (line.Length < at || !line[at..].StartsWith(",\"event\":\""u8))
            return false;
        var rest = line[(at + 10)..];
        return rest.StartsWith(kind) && rest.Length > kind.Length && rest[kind.Length] == '"';
    }

    public static bool IsHash(ReadOnlySpan<byte> text) => text.Length == HashDigits && text.IndexOfAnyExcept(HexDigits) < 0;

    private static void Hash(ReadOnlySpan<byte> text, Span<byte> hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, digest);
        ToDigits(digest, hash);
    }

    internal static void ToDigits(ReadOnlySpan<byte> digest, Span<byte> digits)
    {
        for (var i = 0; i < digest.Length; i++)
        {
            digits[2 * i] = "0123456789abcdef"u8[digest[i] >> 4];
            digits[(2 * i) + 1] = "0123456789abcdef"u8[digest[i] & 15];
        }
    }

    private static void Begin(Utf8JsonWriter writer, DateTimeOffset time, string kind)
    {
        // As AuditRecord.TimeFormat has it, cut from the round-trip format (…:07.1234567Z), which takes a quarter of the time.
        Span<byte> shown = stackalloc byte[28];
        time.UtcDateTime.TryFormat(shown, out _, "O", System.Globalization.CultureInfo.InvariantCulture);
        shown[23] = (byte)'Z';
        writer.WriteStartObject();
        writer.WriteString("timestamp"u8, shown[..24]);
        writer.WriteString("event"u8, kind);
    }

    private static void Members(Utf8JsonWriter writer, DateTimeOffset time, AuditEvent content)
    {
        Begin(writer, time, content.Event);
        Text(writer, "request_id"u8, content.RequestId);
        if (content.Peer is { } peer)
        {
            writer.WriteStartObject("peer_info"u8);
            writer.WriteNumber("PID"u8, peer.ProcessId);
            Text(writer, "Path"u8, peer.Path);
            writer.WriteNumber("UID"u8, peer.UserId);
            writer.WriteNumber("GID"u8, peer.GroupId);
            Text(writer, "Via"u8, peer.Via);
            Text(writer, "Script"u8, peer.Script);
            writer.WriteEndObject();
        }

        Text(writer, "reference"u8, content.Reference);
        Text(writer, "account"u8, content.Account);
        Text(writer, "decision"u8, content.Decision);
        Text(writer, "reason"u8, content.Reason);
        Text(writer, "policy_path"u8, content.PolicyPath);
        Text(writer, "outcome"u8, content.Outcome);
    }

    private static void Finish(Utf8JsonWriter writer, long seq, ReadOnlySpan<byte> prev)
    {
        writer.WriteNumber("seq"u8, seq);
        writer.WriteString("prev"u8, prev);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, ReadOnlySpan<byte> member, string? text)
    {
        if (text is not null)
            writer.WriteString(member, text);
    }
}
