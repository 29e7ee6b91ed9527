using System.Buffers;
using System.Text.Json;

namespace Opx.Protocol;

/// <summary><c>POST /v1/invalidate</c>: drop every account's copy of these references, or all copies.</summary>
public sealed record InvalidateRequest(IReadOnlyList<string> Refs, bool All)
{
    public static Parsed<InvalidateRequest> Parse(in ReadOnlySequence<byte> body) => ProtocolJson.Parse(body, Read);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (All)
        {
            writer.WriteBoolean("all", true);
        }
        else
        {
            writer.WriteStartArray("refs");
            foreach (var reference in Refs)
                writer.WriteStringValue(reference);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static InvalidateRequest Read(ref Utf8JsonReader reader)
    {
        List<string>? references = null;
        var (all, refsSeen, allSeen) = (false, false, false);
        JsonShape.Object(ref reader);
        while (JsonShape.NextMember(ref reader) is { } member)
        {
            switch (member)
            {
                case "refs":
                    JsonShape.Once(ref refsSeen, member);
                    references = JsonShape.Strings(ref reader, member, Limits.References);
                    break;
                case "all":
                    JsonShape.Once(ref allSeen, member);
                    all = JsonShape.Boolean(ref reader, member);
                    break;
                default:
                    throw JsonShape.Unknown(member);
            }
        }

        return references is null && !all
            ? throw JsonShape.Malformed("say which: 'refs' or 'all'")
            : new InvalidateRequest(references ?? [], all);
    }
}

/// <summary>The answer to <c>/v1/invalidate</c>.</summary>
/// <param name="Removed">Entries that were dropped.</param>
public sealed record InvalidateResponse(int Removed)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("removed", Removed);
        writer.WriteEndObject();
    }

    public static InvalidateResponse? Parse(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("removed", out var removed) ? new InvalidateResponse(removed.GetInt32()) : null;
    }
}
