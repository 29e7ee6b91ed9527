using System.Buffers;
using System.Text;
using Opx.Cli.Output;
using Opx.Protocol.Files;

namespace Opx.Cli.Auditing;

/// <summary>One record as a line for people.</summary>
internal static class RecordText
{
    public static void Append(StringBuilder into, AuditRecord record, Screen screen, TimeZoneInfo zone)
    {
        var content = record.Content;
        var kind = content.Decision ?? content.Event;
        var label = $"{DenialText.Local(record.Timestamp, zone)}  {kind,-5}  ";
        var at = into.Length;
        screen.Append(into, label, Text(content));
        if (content.Decision is null || !screen.HasColor)
            return;
        var shown = content.Decision == AuditEvent.Deny ? screen.Red(kind) : screen.Green(kind);
        into.Replace(kind, shown, at, label.Length);
    }

    /// <summary>For programs: the record as it stands in the log, in plain ASCII, without what chains it.</summary>
    public static void AppendJson(StringBuilder into, AuditRecord record)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = AuditLine.NewWriter())
        {
            writer.Reset(json);
            AuditLine.WriteUnchained(writer, record);
        }

        into.Append(Encoding.ASCII.GetString(json.WrittenSpan)).Append('\n');
    }

    private static string Text(AuditEvent content)
    {
        var parts = new List<string>();
        if (content.Peer is { } peer)
            parts.Add((peer.Path ?? $"process {peer.ProcessId}") + (peer.Script is { } script ? $" ({script})" : ""));
        if (content.Reference is { } reference)
            parts.Add(reference);
        if (content.Event != AuditEvents.AccessDecision && content.Decision is not null)
            parts.Add(content.Event);
        var why = string.Join(": ", new[] { content.Outcome, content.Reason }.Where(text => text is not null));
        if (why.Length > 0)
            parts.Add(why);
        return string.Join("  ", parts);
    }
}
