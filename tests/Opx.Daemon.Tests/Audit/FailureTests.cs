using Opx.Protocol;

namespace Opx.Daemon.Tests.Audit;

public sealed class FailureTests
{
    [Fact]
    public void A_directory_that_is_gone_refuses_until_it_is_back()
    {
        using var log = new LogUnderTest();
        log.Read(times: 2);
        var away = log.Directory + "-away";
        Directory.Move(log.Directory, away);
        log.Clock.Advance(TimeSpan.FromSeconds(1));
        var problem = log.Read();
        Assert.Equal(ErrorCode.Internal, problem!.Code);
        Assert.Contains("audit log", problem.Detail);
        Assert.Contains(log.Directory, problem.Detail);
        Assert.NotNull(log.Log.Refusal(4));
        Assert.Contains("reads are refused", log.Messages);

        Directory.Move(away, log.Directory);
        Assert.Null(log.Log.Refusal(1));
        Assert.Null(log.Read());
        Assert.Contains(log.Records(), record => record.Content.Reason is { } reason
            && reason.Contains("could not be written since 2026-11-22T12:00") && reason.EndsWith("; 5 records are not in it"));
        Assert.Contains("can be written again", log.Messages);
        Assert.Equal(0, log.Verify().Faults);
    }

    [Fact]
    public void A_file_that_was_removed_is_made_anew_and_the_gap_shows()
    {
        using var log = new LogUnderTest();
        log.Read(times: 3);
        File.Delete(log.In(log.Files[0]));
        log.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(log.Read());
        Assert.Contains(log.Records(), record => record.Content.Reason?.Contains("moved or removed by another program") == true);
        Assert.Contains("removed", log.FirstFault());
    }

    [Fact]
    public void A_file_that_was_replaced_gets_no_record_that_nobody_can_read()
    {
        using var log = new LogUnderTest();
        log.Read(times: 3);
        var path = log.In(log.Files[0]);
        // No time passes: what is answered from now on is in the file that has the name.
        File.Copy(path, path + ".copy");
        File.Move(path + ".copy", path, overwrite: true);
        Assert.Null(log.Read("op://v/i/replaced"));
        Assert.Contains(log.Records(), record => record.Content.Reference == "op://v/i/replaced");
        File.Delete(path);
        Assert.Null(log.Read("op://v/i/removed"));
        Assert.Contains(log.Records(), record => record.Content.Reference == "op://v/i/removed");
        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.NotNull(log.Read());
        Directory.Delete(path);
        Assert.Null(log.Read());
        File.AppendAllText(path, "x\n");
        Assert.Null(log.Read());
        Assert.Contains("written or cut", log.Damage().Last());
    }

    [Fact]
    public void A_file_that_was_cut_while_it_is_written_is_noticed()
    {
        using var log = new LogUnderTest();
        log.Read(times: 3);
        log.Rewrite(0, log.Lines()[..^2]);
        log.Clock.Advance(TimeSpan.FromSeconds(1));
        log.Read(times: 1);
        Assert.DoesNotContain('\0', File.ReadAllText(log.In(log.Files[0])));
        Assert.Contains(log.Records(), record => record.Content.Reason?.Contains("written or cut by another program") == true);
        Assert.Contains("removed", log.FirstFault());
    }

    [Fact]
    public void A_path_that_is_no_plain_file_of_ours_is_not_written_to()
    {
        using var log = new LogUnderTest(start: false);
        var elsewhere = log.In("elsewhere");
        File.WriteAllText(elsewhere, "");
        File.CreateSymbolicLink(log.In("audit-2026-11-22.log"), elsewhere);
        log.Start();
        Assert.NotNull(log.Read());
        Assert.Equal("", File.ReadAllText(elsewhere));
        File.Delete(log.In("audit-2026-11-22.log"));
        Assert.Null(log.Read());
    }

    [Fact]
    public void A_key_that_is_none_is_named()
    {
        using var log = new LogUnderTest();
        log.Stop();
        File.WriteAllText(log.In("audit.key"), "no key");
        Assert.Contains("audit.key is not a P-256 private key", Assert.Throws<OpxPathException>(log.Start).Message);
    }
}
