using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Opx.Protocol;

/// <summary><c>POST /v1/read</c>: one reference.</summary>
/// <param name="Ref">The reference, unchecked.</param>
/// <param name="Account">The account of <c>--account=ID</c> in <c>flags</c>; null for the backend's own default.</param>
/// <param name="Fresh">Skip the cache, and fill it anew.</param>
public sealed record ReadRequest(string Ref, string? Account = null, bool Fresh = false)
{
    public static Parsed<ReadRequest> Parse(in ReadOnlySequence<byte> body) => ProtocolJson.Parse(body, Read);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("ref", Ref);
        RequestOptions.Write(writer, Account, Fresh);
        writer.WriteEndObject();
    }

    private static ReadRequest Read(ref Utf8JsonReader reader)
    {
        string? reference = null;
        var options = new RequestOptions();
        var seen = false;
        JsonShape.Object(ref reader);
        while (JsonShape.NextMember(ref reader) is { } member)
        {
            if (member == "ref")
            {
                JsonShape.Once(ref seen, member);
                reference = JsonShape.String(ref reader, member);
            }
            else if (!options.Take(ref reader, member))
            {
                throw JsonShape.Unknown(member);
            }
        }

        return new ReadRequest(reference ?? throw JsonShape.Missing("ref"), options.Account, options.Fresh);
    }
}

/// <summary>The answer to one reference; also what stands under each reference in <see cref="ReadsResponse"/>.</summary>
/// <param name="Ref">The reference as it was asked for.</param>
/// <param name="Value">The exact bytes.</param>
/// <param name="FromCache">True where no backend was asked.</param>
/// <param name="ExpiresInSeconds">How long the daemon will go on answering with this value; 0 where it is not kept.</param>
/// <param name="ResolvedAtUnix">When the backend gave the value, in seconds since 1970.</param>
public sealed record ReadResponse(string Ref, byte[] Value, bool FromCache, int ExpiresInSeconds, long ResolvedAtUnix)
{
    /// <summary>Writes the whole object from the value's bytes, without making a string of them.</summary>
    public static void Write(
        Utf8JsonWriter writer, string reference, ReadOnlySpan<byte> value, bool fromCache, int expiresInSeconds, long resolvedAtUnix)
    {
        writer.WriteStartObject();
        writer.WriteString("ref", reference);
        WriteValue(writer, "value", "value_base64", value);
        writer.WriteBoolean("from_cache", fromCache);
        writer.WriteNumber("expires_in_seconds", expiresInSeconds);
        writer.WriteNumber("resolved_at_unix", resolvedAtUnix);
        writer.WriteEndObject();
    }

    /// <summary>A value as text where it is valid UTF-8, otherwise as base64 beside an empty text.</summary>
    private static void WriteValue(Utf8JsonWriter writer, string textMember, string base64Member, ReadOnlySpan<byte> value)
    {
        if (Utf8.IsValid(value))
        {
            SecretJson.WriteText(writer, textMember, value);
            return;
        }

        writer.WriteString(textMember, "");
        SecretJson.WriteBase64(writer, base64Member, value);
    }

    /// <summary>Reads the answer; null where the body is none. Unknown members are skipped, another version may send more.</summary>
    public static ReadResponse? Parse(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read())
            return null;
        var response = ReadsResponse.ReadResult(ref reader).Response;
        return reader.Read() ? null : response;
    }
}

/// <summary>The members that reads have in common: <c>flags</c> and <c>fresh</c>.</summary>
internal struct RequestOptions
{
    private bool _flagsSeen;
    private bool _freshSeen;

    public string? Account { get; private set; }

    public bool Fresh { get; private set; }

    /// <summary>True where the member was one of these.</summary>
    public bool Take(ref Utf8JsonReader reader, string member)
    {
        switch (member)
        {
            case "flags":
                JsonShape.Once(ref _flagsSeen, member);
                if (reader.TokenType != JsonTokenType.Null)
                    Account = Protocol.Account.Parse(JsonShape.Strings(ref reader, member, most: 16));
                return true;
            case "fresh":
                JsonShape.Once(ref _freshSeen, member);
                Fresh = JsonShape.Boolean(ref reader, member);
                return true;
            default:
                return false;
        }
    }

    public static void Write(Utf8JsonWriter writer, string? account, bool fresh)
    {
        if (account is not null)
        {
            writer.WriteStartArray("flags");
            writer.WriteStringValue(Protocol.Account.Flag(account));
            writer.WriteEndArray();
        }

        if (fresh)
            writer.WriteBoolean("fresh", true);
    }
}
