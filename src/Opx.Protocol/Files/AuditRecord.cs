using System.Globalization;
using System.Text.Json;

namespace Opx.Protocol.Files;

/// <summary>A line of the audit log that was read.</summary>
/// <param name="Seq">Its number in the chain; 0 where the line has none.</param>
public sealed record AuditRecord(DateTimeOffset Timestamp, AuditEvent Content, long Seq)
{
    /// <summary>How a time is written: UTC, in milliseconds.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Reads a line leniently: another version may write more members. Null where it is no record.</summary>
    public static AuditRecord? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = Limits.JsonDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            var record = Read(ref reader);
            return reader.Read() ? null : record;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static AuditRecord? Read(ref Utf8JsonReader reader)
    {
        DateTimeOffset? time = null;
        var (content, seq) = (new AuditEvent(""), 0L);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member)
            {
                case "timestamp": time = Time(reader.GetString()); break;
                case "event": content = content with { Event = reader.GetString() ?? "" }; break;
                case "request_id": content = content with { RequestId = reader.GetString() }; break;
                case "peer_info": content = content with { Peer = Peer(ref reader) }; break;
                case "reference": content = content with { Reference = reader.GetString() }; break;
                case "account": content = content with { Account = reader.GetString() }; break;
                case "decision": content = content with { Decision = reader.GetString() }; break;
                case "reason": content = content with { Reason = reader.GetString() }; break;
                case "policy_path": content = content with { PolicyPath = reader.GetString() }; break;
                case "outcome": content = content with { Outcome = reader.GetString() }; break;
                case "seq": seq = reader.GetInt64(); break;
                default: reader.Skip(); break;
            }
        }

        return time is { } known && content.Event.Length > 0 ? new AuditRecord(known, content, seq) : null;
    }

    private static AuditPeer Peer(ref Utf8JsonReader reader)
    {
        var peer = new AuditPeer(0, null, 0, 0);
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member)
            {
                case "PID": peer = peer with { ProcessId = reader.GetInt32() }; break;
                case "Path": peer = peer with { Path = reader.GetString() }; break;
                case "UID": peer = peer with { UserId = reader.GetUInt32() }; break;
                case "GID": peer = peer with { GroupId = reader.GetUInt32() }; break;
                case "Via": peer = peer with { Via = reader.GetString() }; break;
                case "Script": peer = peer with { Script = reader.GetString() }; break;
                default: reader.Skip(); break;
            }
        }

        return peer;
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
