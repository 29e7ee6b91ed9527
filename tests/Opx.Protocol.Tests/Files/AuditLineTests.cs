using System.Buffers;
using System.Text;
using Opx.Protocol.Files;

namespace Opx.Protocol.Tests.Files;

public sealed class AuditLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 0, 41, 7, 123, TimeSpan.Zero);

    [Fact]
    public void What_is_written_is_read()
    {
        var written = new AuditEvent(AuditEvents.AccessDecision)
        {
            RequestId = "1",
            Peer = new AuditPeer(1, "/bin/\u202e\"\\", 2, 3, "/usr/bin/opx", "/x.py"),
            Reference = "op://v/i/é",
            Account = "work",
            Decision = AuditEvent.Deny,
            Reason = "rule 1",
            PolicyPath = "/p",
            Outcome = "access_denied",
        };
        var record = AuditRecord.Parse(Encoding.ASCII.GetBytes(Line(written, 17)))!;
        Assert.Equal((Time, written, 17L), (record.Timestamp, record.Content, record.Seq));
    }

    [Fact]
    public void A_line_is_opened_from_its_end()
    {
        var line = Encoding.ASCII.GetBytes(Line(new AuditEvent("X") { Reference = "\",\"seq\":9,\"prev\":\"\",\"hash\":\"" }, 17));
        Assert.True(AuditLine.TryOpen(line, out var link));
        Assert.Equal(17, link.Seq);
        Assert.Equal(AuditHead.NoHash, Encoding.ASCII.GetString(link.Prev));
        Assert.True(link.IsIntact);
        Assert.True(link.Signature.IsEmpty);
        line[20] ^= 1;
        Assert.True(AuditLine.TryOpen(line, out link) && !link.IsIntact);
    }

    [Theory]
    [InlineData("")]
    [InlineData("}")]
    [InlineData("{}")]
    [InlineData("\"}")]
    [InlineData(",\"hash\":\"\"}")]
    [InlineData("{\"seq\":1}")]
    [InlineData("\0\0\0\0")]
    public void What_is_no_record_is_none(string line) => Assert.False(AuditLine.TryOpen(Encoding.ASCII.GetBytes(line), out _));

    [Fact]
    public void Every_line_cut_short_is_none()
    {
        var line = Encoding.ASCII.GetBytes(Line(new AuditEvent("X"), 3));
        for (var length = 0; length < line.Length; length++)
            Assert.False(AuditLine.TryOpen(line.AsSpan(0, length), out _));
    }

    [Fact]
    public void The_head_comes_back_and_is_always_as_long()
    {
        foreach (var head in new[] { AuditHead.Empty, new AuditHead(long.MaxValue, new string('f', 64), long.MaxValue) })
        {
            var (key, other) = (new byte[32], new byte[32]);
            other[0] = 1;
            var parsed = AuditHead.Parse(head.ToBytes(key))!;
            Assert.Equal((head.Seq, head.Hash, head.First), (parsed.Seq, parsed.Hash, parsed.First));
            Assert.Equal(AuditHead.FileBytes, head.ToBytes(key).Length);
            Assert.True(parsed.IsBy(key));
            Assert.False(parsed.IsBy(other));
            Assert.False((parsed with { Seq = parsed.Seq - 1 }).IsBy(key));
            Assert.False((parsed with { First = 2 }).IsBy(key));
            Assert.False(head.IsBy(key));
        }

        Assert.Null(AuditHead.Parse("{}"u8.ToArray()));
        Assert.Null(AuditHead.Parse("no"u8.ToArray()));
        Assert.Null(AuditHead.Parse(Encoding.ASCII.GetBytes($"{{\"seq\":-1,\"hash\":\"{AuditHead.NoHash}\",\"first\":1}}")));
    }

    [Theory]
    [InlineData("audit-2026-11-22.log", true)]
    [InlineData("audit-20261122.log", false)]
    [InlineData("audit-2026-02-30.log", false)]
    [InlineData("audit-2026-11-22.log.bak", false)]
    [InlineData("audit-2026-11-22_001.log", false)]
    public void Only_a_day_makes_a_file_of_the_log(string name, bool isOne) => Assert.Equal(isOne, AuditFiles.Day(name) is not null);

    [Fact]
    public void Lines_are_read_whatever_stands_among_them()
    {
        var content = Encoding.ASCII.GetBytes($"one\n\n{new string('x', 3 * AuditLine.MostBytes)}\n{new string('y', 100_000)}\nlast");
        using var file = new Trickle(content);
        var lines = new AuditLineReader(file);
        var found = new List<(int, AuditLineEnd)>();
        while (lines.TryRead(out var line, out var end))
            found.Add((end == AuditLineEnd.TooLong ? -1 : line.Length, end));
        Assert.Equal([(3, AuditLineEnd.Whole), (0, AuditLineEnd.Whole), (-1, AuditLineEnd.TooLong), (100_000, AuditLineEnd.Whole), (4, AuditLineEnd.Torn)], found);
        Assert.Equal(content.Length, lines.NextStart);
        Assert.Equal(5, lines.Number);
    }

    [Fact]
    public void The_key_of_the_head_comes_from_the_private_key_alone()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        using var again = System.Security.Cryptography.ECDsa.Create();
        again.ImportFromPem(key.ExportPkcs8PrivateKeyPem());
        using var half = System.Security.Cryptography.ECDsa.Create();
        half.ImportFromPem(key.ExportSubjectPublicKeyInfoPem());
        Assert.Equal(AuditKeys.HeadKey(key), AuditKeys.HeadKey(again));
        Assert.Null(AuditKeys.HeadKey(half));
    }

    [Theory]
    [InlineData("{", true)]
    [InlineData("{\"timestamp\":\"2026", true)]
    [InlineData("{\"timestamp\":\"2026\",\"peer_info\":{}", true)]
    [InlineData("{\"timestamp\":\"2026\0\0", true)]
    [InlineData("{\"timestamp\":\"2026\"}", false)]
    [InlineData("{\"a\":", false)]
    [InlineData("garbage", false)]
    [InlineData("{\"timestamp\":\"2026\"]", false)]
    public void Half_a_record_is_told_from_what_else_may_stand_there(string line, bool isHalf) =>
        Assert.Equal(isHalf, AuditLine.IsUnfinished(Encoding.ASCII.GetBytes(line)));

    private static string Line(AuditEvent content, long seq)
    {
        var (text, line, hash) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>(), new byte[64]);
        using (var writer = AuditLine.NewWriter())
        {
            writer.Reset(text);
            AuditLine.Write(writer, Time, content, seq, Encoding.ASCII.GetBytes(AuditHead.NoHash));
            writer.Flush();
        }

        AuditLine.Seal(text.WrittenSpan, line, hash);
        return Encoding.ASCII.GetString(line.WrittenSpan)[..^1];
    }

    /// <summary>Gives a little at a time.</summary>
    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1_777));
    }
}
