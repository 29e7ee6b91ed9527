namespace Opx.Daemon.Tests.Audit;

/// <summary>Everything that can be done to the files, and what is said of it.</summary>
public sealed class TamperTests : IDisposable
{
    private readonly LogUnderTest _log = new();

    public TamperTests()
    {
        for (var day = 0; day < 3; day++)
        {
            _log.Read(times: 5);
            _log.Clock.Advance(TimeSpan.FromDays(1));
        }

        _log.Read(times: 5);
        _log.Stop();
        _log.IsClean();
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void An_edited_byte()
    {
        var lines = _log.Lines(1);
        lines[3] = lines[3].Replace("ALLOW", "ALLOx");
        _log.Rewrite(1, lines);
        Assert.Matches("audit-2026-11-23.log:4: record [0-9]+ was edited", _log.FirstFault());
    }

    [Fact]
    public void Every_edited_byte_is_found()
    {
        var content = File.ReadAllBytes(_log.In(_log.Files[1]));
        for (var i = 0; i < content.Length; i += 7)
        {
            var edited = (byte[])content.Clone();
            edited[i] ^= 1;
            File.WriteAllBytes(_log.In(_log.Files[1]), edited);
            Assert.True(_log.Verify().Faults > 0, $"byte {i} was changed and nothing noticed");
        }
    }

    [Fact]
    public void An_edited_line_with_a_hash_made_to_fit()
    {
        var lines = _log.Lines(1);
        var text = lines[3][..lines[3].LastIndexOf(",\"hash\"", StringComparison.Ordinal)].Replace("op://v", "op://w") + "}";
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(text)));
        lines[3] = $"{text[..^1]},\"hash\":\"{hash}\"}}";
        _log.Rewrite(1, lines);
        Assert.Matches("audit-2026-11-23.log:4: record [0-9]+ is not the one that record [0-9]+ was written behind: edited", _log.FirstFault());
    }

    [Fact]
    public void A_deleted_line()
    {
        var lines = _log.Lines(1);
        lines.RemoveAt(3);
        _log.Rewrite(1, lines);
        Assert.Matches("audit-2026-11-23.log:4: record .* stands where .* record [0-9]+ was removed", _log.FirstFault());
    }

    [Fact]
    public void Swapped_lines()
    {
        var lines = _log.Lines(1);
        (lines[3], lines[4]) = (lines[4], lines[3]);
        _log.Rewrite(1, lines);
        Assert.Matches("audit-2026-11-23.log:4: .* swapped", _log.FirstFault());
    }

    [Fact]
    public void A_repeated_line()
    {
        var lines = _log.Lines(1);
        lines.Insert(4, lines[3]);
        _log.Rewrite(1, lines);
        Assert.Matches("audit-2026-11-23.log:5: .* repeated", _log.FirstFault());
    }

    [Fact]
    public void A_line_put_in()
    {
        var lines = _log.Lines(1);
        lines.Insert(4, "nothing of ours");
        _log.Rewrite(1, lines);
        Assert.Equal("audit-2026-11-23.log:5: not a record: edited, or put there", _log.FirstFault());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_tail_cut_off(int lines)
    {
        var last = _log.Files.Count - 1;
        _log.Rewrite(last, _log.Lines(last)[..^lines]);
        Assert.Contains("removed from the end of the log", _log.FirstFault());
        // And a daemon that goes on does not cover it up.
        _log.Start();
        _log.Read(times: 2);
        Assert.Contains("removed", _log.FirstFault());
    }

    [Theory]
    [InlineData(0, "a file or lines were removed")]
    [InlineData(1, "removed, or lines were swapped")]
    [InlineData(3, "removed from the end of the log")]
    public void A_whole_file_removed(int file, string what)
    {
        File.Delete(_log.In(_log.Files[file]));
        Assert.Contains(what, _log.FirstFault());
        _log.Start();
        _log.Read(times: 2);
        Assert.Contains("removed", _log.FirstFault());
    }

    [Fact]
    public void An_old_copy_of_everything_but_the_head()
    {
        var old = _log.Copy();
        _log.Start();
        _log.Read(times: 5);
        _log.Stop();
        foreach (var (file, content) in old.Where(file => file.Key != _log.HeadFile))
            File.WriteAllBytes(file, content);
        Assert.Contains("removed from the end of the log", _log.FirstFault());
        _log.Start();
        Assert.Contains("removed", _log.FirstFault());
    }

    [Fact]
    public void An_old_head()
    {
        var old = File.ReadAllBytes(_log.HeadFile);
        _log.Start();
        _log.Read(times: 5);
        _log.Clock.Advance(TimeSpan.FromMinutes(3));
        _log.Read(times: 5);
        _log.Stop();
        File.WriteAllBytes(_log.HeadFile, old);
        Assert.Contains("was put back from a copy", _log.FirstFault());
        // After the next start the head is right again, and the log says that it was not.
        _log.Start();
        Assert.Contains(_log.Records(), record => record.Content.Reason?.Contains("records behind") == true);
    }

    [Fact]
    public void An_old_copy_of_one_day()
    {
        var old = File.ReadAllBytes(_log.In(_log.Files[^1]));
        _log.Start();
        _log.Read(times: 5);
        _log.Clock.Advance(TimeSpan.FromDays(1));
        _log.Stop();
        File.WriteAllBytes(_log.In(_log.Files[^2]), old);
        Assert.Contains("removed, or lines were swapped", _log.FirstFault());
    }

    [Fact]
    public void No_head()
    {
        File.Delete(_log.HeadFile);
        Assert.StartsWith("audit.head: missing", _log.FirstFault());
        _log.Start();
        Assert.Contains(_log.Records(), record => record.Content.Reason == "audit.head was missing");
    }

    [Fact]
    public void Nothing_left_but_the_key()
    {
        foreach (var file in _log.Files)
            File.Delete(_log.In(file));
        File.Delete(_log.HeadFile);
        Assert.Equal("audit.head: the whole audit log was removed", _log.FirstFault());
        _log.Start();
        Assert.Contains(_log.Records(), record => record.Content.Reason?.Contains("the whole audit log was removed") == true);
    }

    [Fact]
    public void A_head_that_claims_a_later_beginning()
    {
        File.Delete(_log.In(_log.Files[0]));
        var first = _log.Records()[0].Seq;
        File.WriteAllText(_log.HeadFile, File.ReadAllText(_log.HeadFile).Replace("\"first\":1", $"\"first\":{first}"));
        // The beginning shows in a line of its own; what is said first is that the head is not ours.
        Assert.Contains(_log.Verify().Findings, finding => finding.What.StartsWith("not written by the holder of audit.key"));
        Assert.Contains($"the log begins with record {first} instead of 1", _log.Verify().Findings[^1].What);
    }

    [Fact]
    public void The_whole_log_written_anew_with_hashes_that_fit_and_no_key()
    {
        var chain = new Daemon.Audit.Chain(Protocol.Files.AuditHead.Empty);
        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        foreach (var record in _log.Records())
        {
            if (record.Content.Event == "CHECKPOINT")
                chain.AddCheckpoint(record.Timestamp, other);
            else
                chain.Add(record.Timestamp, record.Content with { Decision = "DENY" });
        }

        var content = chain.Added.ToArray();
        chain.Commit();
        foreach (var file in _log.Files.Skip(1))
            File.Delete(_log.In(file));
        File.WriteAllBytes(_log.In(_log.Files[0]), content);
        File.WriteAllBytes(_log.HeadFile, new Protocol.Files.AuditHead(chain.Seq, System.Text.Encoding.ASCII.GetString(chain.Hash), 1).ToBytes(new byte[32]));
        Assert.Contains("is not by the key in audit.pub", _log.FirstFault());
    }
}
