using System.Text.Json;

namespace Opx.Protocol;

public enum SessionState
{
    /// <summary>Nothing was read yet.</summary>
    Unknown,

    /// <summary>The last thing that happened was a successful read.</summary>
    Authenticated,

    /// <summary>Values are wiped; reads wait for an unlock.</summary>
    Locked,
}

public static class SessionStates
{
    public static string Name(this SessionState state) => state switch
    {
        SessionState.Authenticated => "authenticated",
        SessionState.Locked => "locked",
        _ => "unknown",
    };
}

/// <summary>The answer to <c>/v1/session/lock</c> and <c>/v1/session/unlock</c>.</summary>
/// <param name="State">As in <see cref="SessionStates.Name"/>.</param>
public sealed record SessionResponse(bool Success, string State, string? Message = null)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success", Success);
        writer.WriteString("state", State);
        if (Message is not null)
            writer.WriteString("message", Message);
        writer.WriteEndObject();
    }

    public static SessionResponse? Parse(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        return root.TryGetProperty("success", out var success) && root.TryGetProperty("state", out var state)
            ? new SessionResponse(success.GetBoolean(), state.GetString() ?? "", root.TryGetProperty("message", out var message) ? message.GetString() : null)
            : null;
    }
}

/// <summary>The body of requests that ask for nothing in particular: empty or <c>{}</c>.</summary>
public sealed record EmptyRequest
{
    private static readonly EmptyRequest Nothing = new();

    public static Parsed<EmptyRequest> Parse(in System.Buffers.ReadOnlySequence<byte> body) =>
        body.IsEmpty ? new(Nothing, null) : ProtocolJson.Parse(body, Read);

    private static EmptyRequest Read(ref Utf8JsonReader reader)
    {
        JsonShape.Object(ref reader);
        return JsonShape.NextMember(ref reader) is { } member ? throw JsonShape.Unknown(member) : Nothing;
    }
}
