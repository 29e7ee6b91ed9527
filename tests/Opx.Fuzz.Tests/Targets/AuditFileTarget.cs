using System.Text;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol.Files;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>A file of lines, and the head beside it.</summary>
internal sealed class AuditFileTarget() : Target("audit-file", 4)
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    // The reader's buffer is its own affair, and the same for each file.
    public override long MostAllocated(int inputBytes) => 4_000_000 + (2_000L * inputBytes);

    public override byte[] Generate(Choices choices)
    {
        if (choices.Chance(30))
            return Mutation.Some(new AuditHead(choices.Below(1_000), choices.Of(AuditHead.NoHash, new string('f', 64)), choices.Of(1, 7)).ToBytes(Key), choices);
        var text = new StringBuilder();
        for (var lines = choices.Between(0, 6); lines > 0; lines--)
            text.Append(choices.Of("{\"a\":1}", "", "\r", Words.Text(choices))).Append(choices.Of("\n", "\n", "\n\n", ""));
        if (choices.Chance(1))
            text.Insert(choices.Below(text.Length + 1), new string('x', choices.Of(65_535, 65_536, AuditLine.MostBytes - 1, AuditLine.MostBytes, AuditLine.MostBytes + 1)));
        return Mutation.Some(Encoding.UTF8.GetBytes(text.ToString()), choices);
    }

    public override void Check(byte[] input)
    {
        CheckLines(input);
        if (AuditHead.Parse(input) is not { } head || !head.IsBy(Key))
            return;
        // Only what says the same thing is ours.
        Oracle.SameBytes(head.ToBytes(Key), new AuditHead(head.Seq, head.Hash, head.First).ToBytes(Key), "the head, written again");
        Oracle.Holds(head is { Seq: >= 0, First: > 0 } && AuditLine.IsHash(Encoding.ASCII.GetBytes(head.Hash)), "a head that is none");
    }

    private static void CheckLines(byte[] input)
    {
        var reader = new AuditLineReader(new SlowStream(input));
        var at = 0;
        for (var number = 1; reader.TryRead(out var line, out var end); number++)
        {
            var newline = input.AsSpan(at).IndexOf((byte)'\n');
            var whole = input.AsSpan(at, newline < 0 ? input.Length - at : newline);
            var expected = whole.Length > AuditLine.MostBytes ? AuditLineEnd.TooLong : newline < 0 ? AuditLineEnd.Torn : AuditLineEnd.Whole;
            // One of just the most bytes may count as too long: the reader has not seen its end.
            Oracle.Holds(end == expected || (whole.Length == AuditLine.MostBytes && end == AuditLineEnd.TooLong), $"line {number} is {end}, plainly {expected}");
            Oracle.SameBytes(end == AuditLineEnd.TooLong ? whole[..1_024] : whole, line, $"line {number}");
            Oracle.Same(number, reader.Number, "the number");
            at += whole.Length + (newline < 0 ? 0 : 1);
            Oracle.Same(at, reader.NextStart, "where the next line begins");
        }

        Oracle.Same(input.Length, at, "the bytes that were read");
    }

    private sealed class SlowStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 7 + (int)(Position % 5_000)));
    }
}
