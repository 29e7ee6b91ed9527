using Opx.Daemon.Audit;

namespace Opx.Daemon.Tests.Audit;

public sealed class DayTests
{
    [Fact]
    public void The_day_changes_at_midnight_though_nothing_is_read()
    {
        using var log = new LogUnderTest();
        log.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Assert.Equal(["audit-2026-11-22.log"], log.Files);
        log.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["audit-2026-11-22.log", "audit-2026-11-23.log"], log.Files);
        Assert.Equal("CHECKPOINT", log.Records()[^1].Content.Event);
        log.IsClean();
    }

    [Fact]
    public void A_record_that_comes_before_the_timer_changes_the_day_too()
    {
        using var log = new LogUnderTest();
        log.Clock.SetWallClock(new DateTimeOffset(2026, 11, 24, 0, 0, 1, TimeSpan.Zero));
        log.Read();
        Assert.Equal(["audit-2026-11-22.log", "audit-2026-11-24.log"], log.Files);
        Assert.Contains("CHECKPOINT", log.Lines(0)[^1]);
        Assert.Contains("ACCESS_DECISION", log.Lines(1)[0]);
        log.IsClean();
    }

    [Fact]
    public void A_clock_that_is_set_back_keeps_the_order_and_is_no_fault()
    {
        using var log = new LogUnderTest();
        log.Read(times: 2);
        log.Clock.SetWallClock(new DateTimeOffset(2026, 11, 20, 0, 0, 1, TimeSpan.Zero));
        log.Read(times: 2);
        log.Stop();
        log.Start();
        log.Read(times: 2);
        Assert.Equal(["audit-2026-11-22.log"], log.Files);
        log.IsClean();
    }

    [Theory]
    [InlineData("2026-03-29", "2026-03-29T22:00:00Z", "Europe/Berlin")] // 23 hours
    [InlineData("2026-10-25", "2026-10-25T23:00:00Z", "Europe/Berlin")] // 25 hours
    [InlineData("2026-11-22", "2026-11-22T12:00:00Z", "Pacific/Fiji")]
    [InlineData("2018-11-03", "2018-11-04T03:00:00Z", "America/Sao_Paulo")] // midnight did not exist
    [InlineData("2018-05-04", "2018-05-04T15:00:00Z", "Asia/Pyongyang")] // half an hour of another zone from 23:30 on
    [InlineData("2011-12-29", "2011-12-30T10:00:00Z", "Pacific/Apia")] // and a whole day
    [InlineData("2024-02-29", "2024-02-29T19:00:00Z", "Asia/Almaty")] // an hour back at midnight
    public void A_day_ends_at_the_midnight_of_its_place(string day, string end, string zone) =>
        Assert.Equal(DateTimeOffset.Parse(end), LocalDay.End(DateOnly.Parse(day), TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Fact]
    public void A_machine_that_is_moved_east_over_midnight_begins_the_next_day_with_the_next_record()
    {
        using var log = new LogUnderTest();
        log.Read(times: 2);
        log.Clock.Zone = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Auckland");
        log.Read(times: 2);
        Assert.Equal(["audit-2026-11-22.log", "audit-2026-11-23.log"], log.Files);
        Assert.Contains("CHECKPOINT", log.Lines(0)[^1]);
        // And its days end at the midnights of where it is.
        log.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(["audit-2026-11-22.log", "audit-2026-11-23.log", "audit-2026-11-24.log"], log.Files);
        log.IsClean();
    }

    [Fact]
    public void A_machine_that_is_moved_and_idle_follows_within_a_minute()
    {
        using var log = new LogUnderTest();
        log.Clock.Zone = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Auckland");
        log.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("audit-2026-11-23.log", log.Files[^1]);
        log.IsClean();
    }

    [Fact]
    public void A_machine_that_is_moved_west_keeps_the_order_until_its_own_midnight()
    {
        using var log = new LogUnderTest();
        log.Clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal("audit-2026-11-23.log", log.Files[^1]);
        log.Clock.Zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        log.Read(times: 2);
        log.Clock.Advance(TimeSpan.FromHours(28));
        log.Read(times: 2);
        Assert.Equal(["audit-2026-11-22.log", "audit-2026-11-23.log"], log.Files);
        log.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("audit-2026-11-24.log", log.Files[^1]);
        log.IsClean();
    }

    [Fact]
    public void Retention_goes_by_the_date_in_the_name_and_the_head_says_what_is_kept()
    {
        using var log = new LogUnderTest(retentionDays: 2);
        for (var day = 0; day < 6; day++)
        {
            log.Read(times: 3);
            File.SetLastWriteTimeUtc(log.In(log.Files[^1]), new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            log.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(["audit-2026-11-26.log", "audit-2026-11-27.log", "audit-2026-11-28.log"], log.Files);
        Assert.Equal(log.Records()[0].Seq, Protocol.Files.AuditHead.Parse(File.ReadAllBytes(log.HeadFile))!.First);
        log.IsClean();
        log.Stop();
        log.Start();
        log.IsClean();
        // Somebody else removes a file: that shows.
        File.Delete(log.In("audit-2026-11-26.log"));
        Assert.Contains("a file or lines were removed", log.FirstFault());
    }

    [Fact]
    public void Retention_is_applied_at_a_start()
    {
        using var log = new LogUnderTest(retentionDays: 5);
        log.Read(times: 3);
        log.Stop();
        log.Clock.Advance(TimeSpan.FromDays(6));
        File.WriteAllText(log.In("audit-notes.log"), "mine");
        File.WriteAllText(log.In("audit-2020-01-01.log.bak"), "mine");
        log.Start();
        Assert.Equal(["audit-2026-11-28.log"], log.Files);
        Assert.True(File.Exists(log.In("audit-notes.log")) && File.Exists(log.In("audit-2020-01-01.log.bak")));
        log.IsClean();
    }

    [Fact]
    public void A_clock_that_jumps_takes_no_day_away()
    {
        using var log = new LogUnderTest(retentionDays: 5);
        log.Read(times: 3);
        log.Clock.SetWallClock(log.Clock.GetUtcNow().AddDays(32));
        log.Read(times: 1);
        log.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(["audit-2026-11-22.log", "audit-2026-12-24.log"], log.Files);
        log.IsClean();
        // Back where it was: what a restart finds is what it would have found.
        log.Clock.SetWallClock(log.Clock.GetUtcNow().AddDays(-32));
        log.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(2, log.Files.Count);
        log.Stop();
        log.Start();
        Assert.Equal(2, log.Files.Count);
        log.IsClean();
    }

    [Fact]
    public void A_daemon_that_is_killed_leaves_nothing_that_can_be_cut_off_unseen()
    {
        using var log = new LogUnderTest();
        log.Read(times: 5);
        log.Kill();
        log.Rewrite(0, log.Lines()[..^1]);
        Assert.Contains("removed", log.FirstFault());
    }

    [Fact]
    public void Zero_days_keep_everything()
    {
        using var log = new LogUnderTest(retentionDays: 0);
        log.Read(times: 1);
        log.Clock.Advance(TimeSpan.FromDays(400));
        Assert.Contains("audit-2026-11-22.log", log.Files);
        log.IsClean();
    }
}
