using System.Buffers;
using System.Text;
using System.Text.Json;
using Opx.Cli.Output;
using Opx.Protocol.Files;

namespace Opx.Cli.Auditing;

/// <summary>Denials for people, and for programs.</summary>
internal static class DenialText
{
    public static string Of(IReadOnlyList<Denial> denials, Screen screen, TimeZoneInfo zone)
    {
        if (denials.Count == 0)
            return "Found no access denials.\n";
        var text = new StringBuilder($"Found {Count.Of(denials.Count, "unique access denial")}:\n");
        for (var i = 0; i < denials.Count; i++)
        {
            var (denial, label) = (denials[i], $"[{i + 1}] ");
            var indent = new string(' ', label.Length);
            text.Append('\n');
            screen.Append(text, label + "Process: ", denial.Process ?? "unidentified");
            if (denial.Script is { } script)
                screen.Append(text, indent + "Script: ", script);
            screen.Append(text, indent + "Reference: ", denial.Reference);
            text.Append($"{indent}Denied: {Count.Of(denial.Count, "time")}, Last: {Local(denial.Last, zone)}\n");
        }

        return text.ToString();
    }

    /// <summary>One line, in which everything that is not plain is escaped: it may be shown on a terminal as it is.</summary>
    public static byte[] Json(IReadOnlyList<Denial> denials, DateTimeOffset since, long unreadable)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("since", since.UtcDateTime.ToString(AuditRecord.TimeFormat));
            writer.WriteNumber("unreadable_lines", unreadable);
            writer.WriteStartArray("denials");
            foreach (var denial in denials)
                Write(writer, denial);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    public static string Local(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss");

    private static void Write(Utf8JsonWriter writer, Denial denial)
    {
        writer.WriteStartObject();
        writer.WriteString("process", denial.Process);
        if (denial.Script is not null)
            writer.WriteString("script", denial.Script);
        writer.WriteString("reference", denial.Reference);
        writer.WriteNumber("count", denial.Count);
        writer.WriteString("last", denial.Last.UtcDateTime.ToString(AuditRecord.TimeFormat));
        if (denial.Reason is not null)
            writer.WriteString("reason", denial.Reason);
        writer.WriteEndObject();
    }
}
