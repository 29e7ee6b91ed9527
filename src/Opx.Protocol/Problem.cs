using System.Text.Json;

namespace Opx.Protocol;

/// <summary>
/// A failure as a client sees it: <c>application/problem+json</c> of RFC 9457 with our <c>code</c>, <c>ref</c> and <c>request_id</c>.
/// </summary>
/// <param name="Code">What failed.</param>
/// <param name="Detail">What happened and what to do next, one line. Never a secret, a token or a backend's raw output.</param>
/// <param name="Reference">The reference that failed, where there is one.</param>
/// <param name="RequestId">Finds the request in the daemon's log.</param>
/// <param name="RetryAfter">With <see cref="ErrorCode.RateLimited"/>: how long to wait. Travels as the header <c>Retry-After</c>, in whole seconds.</param>
public sealed record Problem(ErrorCode Code, string Detail, string? Reference = null, string? RequestId = null, TimeSpan? RetryAfter = null)
{
    public const string ContentType = "application/problem+json";

    /// <param name="status">The HTTP status, where it is another than the code's own (405, say).</param>
    public void Write(Utf8JsonWriter writer, int? status = null)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "about:blank");
        writer.WriteString("title", Code.Title());
        writer.WriteNumber("status", status ?? Code.Status());
        writer.WriteString("detail", Detail);
        writer.WriteString("code", Code.Name());
        if (Reference is not null)
            writer.WriteString("ref", Reference);
        if (RequestId is not null)
            writer.WriteString("request_id", RequestId);
        writer.WriteEndObject();
    }

    /// <summary>Reads a problem leniently (another version may know more members); null where the body is none.</summary>
    public static Problem? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static Problem? Read(JsonElement element)
    {
        string? Text(string member) =>
            element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        if (element.ValueKind != JsonValueKind.Object)
            return null;
        return ErrorCodes.Parse(Text("code")) is { } code
            ? new Problem(code, Text("detail") ?? Text("message") ?? code.Title(), Text("ref"), Text("request_id"))
            : null;
    }
}
