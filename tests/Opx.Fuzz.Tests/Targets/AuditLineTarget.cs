using System.Buffers;
using System.Text;
using System.Text.Json;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol.Files;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>
/// A line of the audit log. Generated ones are sealed as the daemon seals them, and then harmed: what still opens as intact says just what a
/// reader of JSON sees in it, and what was written comes out as it went in.
/// </summary>
internal sealed class AuditLineTarget() : Target("audit-line", 8)
{
    public override byte[] Generate(Choices choices)
    {
        var content = new AuditEvent(choices.Of(AuditEvents.AccessDecision, AuditEvents.Daemon, AuditEvents.Session))
        {
            RequestId = Sometimes(choices),
            Reference = Sometimes(choices),
            Account = Sometimes(choices),
            Decision = Sometimes(choices),
            Reason = choices.Chance(20) ? "\",\"seq\":7,\"prev\":\"" + new string('0', 64) + "\",\"hash\":\"" : Sometimes(choices),
            PolicyPath = Sometimes(choices),
            Outcome = Sometimes(choices),
            Peer = choices.Chance(50) ? new AuditPeer(choices.Below(70_000), Sometimes(choices), (uint)choices.Below(2_000), 100, Sometimes(choices), Sometimes(choices)) : null,
        };
        var line = Sealed(content, choices.Below(int.MaxValue) + 1L, DateTimeOffset.UnixEpoch.AddSeconds(choices.Below(int.MaxValue)));
        return choices.Chance(60) ? line : Mutation.Some(line, choices);
    }

    public override void Check(byte[] input)
    {
        var opens = AuditLine.TryOpen(input, out var link);
        _ = AuditLine.IsUnfinished(input);
        var record = AuditRecord.Parse(input);
        if (!opens)
            return;
        Oracle.Holds(AuditLine.IsHash(link.Hash) && AuditLine.IsHash(link.Prev) && link.Seq > 0, "a link that is none");
        if (!link.IsIntact || Document(input) is not { } document)
            return;
        // The last member of a name counts; ours are the last of all.
        Oracle.Same(document.GetProperty("hash").GetString(), Encoding.ASCII.GetString(link.Hash), "the hash");
        Oracle.Same(document.GetProperty("prev").GetString(), Encoding.ASCII.GetString(link.Prev), "the hash before");
        Oracle.Same(document.GetProperty("seq").GetInt64(), link.Seq, "the number");
        Oracle.Holds(!input.AsSpan().ContainsAnyExceptInRange((byte)' ', (byte)'~'), "an intact line that moves a cursor");
        Oracle.Holds(record is not null, "an intact line that is no record");
        Oracle.Same(link.Seq, record!.Seq, "the record's number");
        Oracle.SameBytes(input, Sealed(record.Content, record.Seq, record.Timestamp), "written again");
    }

    private static JsonElement? Document(byte[] line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Sometimes(Choices choices) => choices.Chance(40) ? Words.Text(choices) : null;

    private static byte[] Sealed(AuditEvent content, long seq, DateTimeOffset time)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = AuditLine.NewWriter())
        {
            writer.Reset(buffer);
            AuditLine.Write(writer, time, content, seq, Encoding.ASCII.GetBytes(AuditHead.NoHash));
            writer.Flush();
        }

        var line = new ArrayBufferWriter<byte>();
        AuditLine.Seal(buffer.WrittenSpan, line, new byte[AuditLine.HashDigits]);
        return line.WrittenSpan[..^1].ToArray();
    }
}
