using System.Text;
using Opx.Protocol.Files;

namespace Opx.Daemon.Tests.Audit;

/// <summary>What was done while no daemon ran stays a fault after one has run: a start makes nothing good, and no head is made without the key.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly LogUnderTest _log = new();

    public DamageTests()
    {
        for (var run = 0; run < 3; run++)
        {
            _log.Read(times: 8);
            _log.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        _log.Stop();
        _log.IsClean();
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Everything_removed_but_the_key()
    {
        File.Delete(_log.In(_log.Files[0]));
        File.Delete(_log.HeadFile);
        StaysAFault("the whole audit log was removed");
    }

    [Fact]
    public void The_beginning_removed_and_the_head_made_to_fit()
    {
        var lines = _log.Lines();
        var kept = lines[(lines.FindIndex(line => line.Contains("CHECKPOINT")) + 1)..];
        _log.Rewrite(0, kept);
        var first = AuditRecord.Parse(Encoding.ASCII.GetBytes(kept[0]))!.Seq;
        File.WriteAllText(_log.HeadFile, File.ReadAllText(_log.HeadFile).Replace("\"first\":1,", $"\"first\":{first},"));
        Assert.True(_log.Verify().Faults > 0);
        StaysAFault("audit.head was not written by opx-authd", $"the log began with record {first} instead of 1");
        Assert.Contains(_log.Verify().Findings, finding => finding.What.Contains($"begins with record {first} instead of 1"));
    }

    [Fact]
    public void The_tail_cut_down_to_a_signature_and_no_head()
    {
        var lines = _log.Lines();
        _log.Rewrite(0, lines[..(lines.FindIndex(line => line.Contains("CHECKPOINT")) + 1)]);
        File.Delete(_log.HeadFile);
        StaysAFault("audit.head was missing");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_tail_cut_and_the_head_made_to_fit(bool withMac)
    {
        _log.Start();
        _log.Read(times: 8);
        _log.Kill();
        _log.Rewrite(0, _log.Lines()[..^5]);
        var (seq, hash) = (_log.Records()[^1].Seq, _log.Lines()[^1][^66..^2]);
        var head = new AuditHead(seq, hash, 1).ToBytes(new byte[32]);
        var old = Encoding.ASCII.GetBytes($"{{\"seq\":{seq},\"hash\":\"{hash}\",\"first\":1}}");
        File.WriteAllBytes(_log.HeadFile, withMac ? head : old);
        Assert.Equal("audit.head: not written by the holder of audit.key: edited, or put there", _log.FirstFault());
        StaysAFault("audit.head was not written by opx-authd");
    }

    [Fact]
    public void The_tail_cut_and_the_head_kept()
    {
        _log.Rewrite(0, _log.Lines()[..^5]);
        StaysAFault("were missing");
    }

    [Fact]
    public void The_key_removed()
    {
        File.Delete(_log.In("audit.key"));
        Assert.Contains("audit.key is missing", _log.FirstFault());
        StaysAFault("audit.key was missing: a new one was made");
    }

    [Theory]
    [InlineData("{\"a\":1}\n")]
    [InlineData("{\"timestamp\":\"x\"}\n")]
    [InlineData("nothing of ours\n")]
    [InlineData("{\"timestamp\":\"2026\n")]
    public void A_line_put_at_the_end(string line)
    {
        File.AppendAllText(_log.In(_log.Files[0]), line);
        Assert.Contains("not a record: edited, or put there", _log.FirstFault());
        StaysAFault("lines that are no records stood at the end");
    }

    [Theory]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"timestamp\":\"x\"}")]
    public void Half_a_line_that_no_crash_leaves(string line)
    {
        File.AppendAllText(_log.In(_log.Files[0]), line);
        Assert.Contains("not a record: edited, or put there", _log.FirstFault());
        _log.Start();
        Assert.Contains("not a record: edited, or put there", _log.FirstFault());
    }

    [Theory]
    [InlineData("{\"time")]
    [InlineData("{\"timestamp\":\"2026-11-22T12:00:00.000Z\",\"event\":\"ACCESS_DECISION\",\"peer_info\":{\"PID\":1}")]
    [InlineData("{\"timestamp\":\"2026-11-22T1\0\0\0\0")]
    public void Half_a_record_is_no_damage(string half)
    {
        File.AppendAllText(_log.In(_log.Files[0]), half);
        Assert.Equal(0, _log.Verify().Faults);
        _log.Start();
        Assert.Equal([], _log.Damage());
        Assert.Equal(0, _log.Verify().Faults);
        Assert.Contains("nothing is missing", Assert.Single(_log.Verify().Findings).What);
    }

    [Fact]
    public void A_record_that_lacks_its_newline_alone_is_one()
    {
        var content = File.ReadAllBytes(_log.In(_log.Files[0]));
        File.WriteAllBytes(_log.In(_log.Files[0]), content[..^1]);
        _log.Start();
        _log.IsClean();
    }

    [Fact]
    public void A_daemon_that_never_wrote_a_record_removed_nothing()
    {
        using var log = new LogUnderTest(start: false);
        log.Make().Dispose();
        log.Start();
        log.IsClean();
    }

    private void StaysAFault(params string[] reasons)
    {
        _log.Start();
        foreach (var reason in reasons)
            Assert.Contains(_log.Damage(), told => told!.Contains(reason));
        _log.Read(times: 2);
        _log.Stop();
        Assert.True(_log.Verify().Faults > 0, "a daemon that ran made it intact");
        Assert.Contains(_log.Verify().Findings, finding => finding is { IsFault: true, What: var what } && what.Contains(reasons[0]));
        // And once more: it does not wear off.
        _log.Start();
        _log.Stop();
        Assert.True(_log.Verify().Faults > 0);
    }
}
