using System.Buffers;
using System.Text.Json;

namespace Opx.Protocol;

/// <summary><c>POST /v1/reads</c>: many references, each with its own outcome.</summary>
public sealed record ReadsRequest(IReadOnlyList<string> Refs, string? Account = null, bool Fresh = false)
{
    public static Parsed<ReadsRequest> Parse(in ReadOnlySequence<byte> body) => ProtocolJson.Parse(body, Read);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("refs");
        foreach (var reference in Refs)
            writer.WriteStringValue(reference);
        writer.WriteEndArray();
        RequestOptions.Write(writer, Account, Fresh);
        writer.WriteEndObject();
    }

    private static ReadsRequest Read(ref Utf8JsonReader reader)
    {
        List<string>? references = null;
        var options = new RequestOptions();
        var seen = false;
        JsonShape.Object(ref reader);
        while (JsonShape.NextMember(ref reader) is { } member)
        {
            if (member == "refs")
            {
                JsonShape.Once(ref seen, member);
                references = JsonShape.Strings(ref reader, member, Limits.References);
            }
            else if (!options.Take(ref reader, member))
            {
                throw JsonShape.Unknown(member);
            }
        }

        return new ReadsRequest(references ?? throw JsonShape.Missing("refs"), options.Account, options.Fresh);
    }
}

/// <summary>One reference's outcome: exactly one of the two.</summary>
public readonly record struct ReadResult(ReadResponse? Response, Problem? Problem);

/// <summary>The answer to <c>/v1/reads</c>: an outcome per reference, in the order they were asked for.</summary>
public sealed record ReadsResponse(IReadOnlyDictionary<string, ReadResult> Results)
{
    /// <summary>Writes a failed reference: an empty value and an <c>error</c> beside it, so that no error stands where a value belongs.</summary>
    public static void WriteError(Utf8JsonWriter writer, string reference, Problem problem)
    {
        writer.WriteStartObject();
        writer.WriteString("ref", reference);
        writer.WriteString("value", "");
        writer.WriteStartObject("error");
        writer.WriteString("code", problem.Code.Name());
        writer.WriteString("message", problem.Detail);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Reads the answer; null where the body is none.</summary>
    public static ReadsResponse? Parse(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        ReadsResponse? response = null;
        while (JsonShape.NextMember(ref reader) is { } member)
        {
            if (member == "results" && reader.TokenType == JsonTokenType.StartObject)
                response = new ReadsResponse(ReadResults(ref reader));
            else
                reader.Skip();
        }

        return reader.Read() ? null : response;
    }

    private static Dictionary<string, ReadResult> ReadResults(ref Utf8JsonReader reader)
    {
        var results = new Dictionary<string, ReadResult>();
        while (JsonShape.NextMember(ref reader) is { } reference)
            results[reference] = ReadResult(ref reader);
        return results;
    }

    internal static ReadResult ReadResult(ref Utf8JsonReader reader)
    {
        JsonShape.Object(ref reader);
        string? reference = null;
        byte[]? value = null, base64 = null;
        Problem? error = null;
        var (fromCache, expires, resolvedAt) = (false, 0, 0L);
        while (JsonShape.NextMember(ref reader) is { } member)
        {
            switch (member)
            {
                case "ref": reference = reader.GetString(); break;
                case "value": value = SecretBytes.Unescape(ref reader); break;
                case "value_base64": base64 = reader.GetBytesFromBase64(); break;
                case "from_cache": fromCache = reader.GetBoolean(); break;
                case "expires_in_seconds": expires = reader.GetInt32(); break;
                case "resolved_at_unix": resolvedAt = reader.GetInt64(); break;
                case "error": error = ReadError(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        if (error is not null)
            return new ReadResult(null, error with { Reference = reference });
        return reference is not null && (base64 ?? value) is { } bytes
            ? new ReadResult(new ReadResponse(reference, bytes, fromCache, expires, resolvedAt), null)
            : new ReadResult(null, new Problem(ErrorCode.Internal, "the daemon answered without a value", reference));
    }

    private static Problem? ReadError(ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Null
            ? null
            : Problem.Read(document.RootElement) ?? new Problem(ErrorCode.Internal, "the daemon reported an error that this version does not know");
    }
}
