using System.Buffers;
using System.Text.Json;

namespace Opx.Protocol;

/// <summary><c>POST /v1/logout</c>: revoke the backend's token and forget it, with everything that was read with it.</summary>
/// <param name="Backend"><c>vault</c> or <c>bao</c>.</param>
public sealed record LogoutRequest(string Backend)
{
    public static Parsed<LogoutRequest> Parse(in ReadOnlySequence<byte> body) => ProtocolJson.Parse(body, Read);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("backend", Backend);
        writer.WriteEndObject();
    }

    private static LogoutRequest Read(ref Utf8JsonReader reader)
    {
        string? backend = null;
        var seen = false;
        JsonShape.Object(ref reader);
        while (JsonShape.NextMember(ref reader) is { } member)
        {
            if (member != "backend")
                throw JsonShape.Unknown(member);
            JsonShape.Once(ref seen, member);
            backend = JsonShape.String(ref reader, member);
        }

        return backend switch
        {
            "vault" or "bao" => new LogoutRequest(backend),
            null => throw JsonShape.Missing("backend"),
            _ => throw JsonShape.Malformed("'backend' must be \"vault\" or \"bao\""),
        };
    }
}

/// <summary>The answer to <c>/v1/logout</c>.</summary>
/// <param name="Revoked">True where the backend has revoked the token; false where there was none, or it is not ours, or the backend did
/// not answer: then it lives until its time is over.</param>
public sealed record LogoutResponse(bool Revoked)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success", true);
        writer.WriteBoolean("revoked", Revoked);
        writer.WriteEndObject();
    }

    public static LogoutResponse? Parse(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("revoked", out var revoked) ? new LogoutResponse(revoked.GetBoolean()) : null;
    }
}
