using Opx.Daemon.Audit;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Tests.Audit;

public sealed class ChainTests
{
    [Fact]
    public void A_record_has_the_members_in_their_order()
    {
        using var log = new LogUnderTest();
        log.Log.Append(new AuditEvent(AuditEvents.AccessDecision)
        {
            RequestId = "0HN:1",
            Peer = new AuditPeer(12345, "/usr/bin/kubectl", 1000, 1001, "/usr/local/bin/opx"),
            Reference = "op://Production/k8s/token",
            Decision = AuditEvent.Allow,
            Reason = "rule 1",
            PolicyPath = "/home/u/policy.json",
            Outcome = "cache",
        });
        Assert.Matches(
            """
            ^\{"timestamp":"2026-11-22T12:00:00\.000Z","event":"ACCESS_DECISION","request_id":"0HN:1","peer_info":\{"PID":12345,"Path":"/usr/bin/kubectl","UID":1000,"GID":1001,"Via":"/usr/local/bin/opx"\},"reference":"op://Production/k8s/token","decision":"ALLOW","reason":"rule 1","policy_path":"/home/u/policy.json","outcome":"cache","seq":2,"prev":"[0-9a-f]{64}","hash":"[0-9a-f]{64}"\}$
            """,
            log.Lines()[1]);
    }

    [Fact]
    public void The_hash_is_of_the_line_without_it_and_prev_is_the_hash_before()
    {
        using var log = new LogUnderTest();
        log.Read(times: 3);
        var before = new string('0', 64);
        foreach (var line in log.Lines())
        {
            var hash = line[^66..^2];
            var without = line[..line.LastIndexOf(",\"hash\"", StringComparison.Ordinal)] + "}";
            Assert.Equal(hash, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(without))));
            Assert.Contains($"\"prev\":\"{before}\"", line);
            before = hash;
        }

        log.IsClean();
    }

    [Fact]
    public void The_chain_goes_on_over_restarts_and_days()
    {
        using var log = new LogUnderTest();
        for (var day = 0; day < 3; day++)
        {
            log.Read(times: 2);
            log.Stop();
            log.Clock.Advance(TimeSpan.FromDays(1));
            log.Start();
        }

        Assert.Equal(["audit-2026-11-22.log", "audit-2026-11-23.log", "audit-2026-11-24.log", "audit-2026-11-25.log"], log.Files);
        Assert.Equal(Enumerable.Range(1, log.Records().Count).Select(n => (long)n), log.Records().Select(record => record.Seq));
        log.IsClean();
    }

    [Fact]
    public void A_daemon_that_was_killed_leaves_a_clean_log()
    {
        using var log = new LogUnderTest();
        Assert.Null(log.Read());
        Assert.Null(log.Read());
        log.Kill();
        log.IsClean();
        log.Start();
        Assert.Null(log.Read());
        Assert.Equal(0, log.Verify().Faults);
    }

    [Fact]
    public void A_minute_with_records_ends_with_a_signature_and_one_without_does_not()
    {
        using var log = new LogUnderTest();
        log.Read();
        log.Clock.Advance(TimeSpan.FromMinutes(1));
        log.Clock.Advance(TimeSpan.FromMinutes(5));
        log.Read();
        log.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["DAEMON", "ACCESS_DECISION", "CHECKPOINT", "ACCESS_DECISION", "CHECKPOINT"], log.Records().Select(record => record.Content.Event));
        log.IsClean();
    }

    [Fact]
    public void A_torn_line_is_called_so_and_the_chain_goes_on_behind_it()
    {
        using var log = new LogUnderTest();
        log.Read(times: 3);
        log.Kill();
        var lines = log.Lines();
        // What a crash does: the line was on its way, and nobody had been answered.
        File.AppendAllText(log.In(log.Files[0]), lines[^1][..40]);
        var torn = log.Verify();
        Assert.Equal(0, torn.Faults);
        Assert.StartsWith($"audit-2026-11-22.log:{lines.Count + 1}: torn", Assert.Single(torn.Findings).ToString());

        log.Start();
        log.Read(times: 2);
        Assert.Equal(0, log.Verify().Faults);
        Assert.Contains("nothing is missing", Assert.Single(log.Verify().Findings).What);
        Assert.Equal(lines[^1][..40], log.Lines()[lines.Count]);
    }

    [Fact]
    public void A_torn_line_that_was_a_record_is_missed()
    {
        using var log = new LogUnderTest();
        log.Read(times: 3);
        log.Kill();
        var content = File.ReadAllBytes(log.In(log.Files[0]));
        File.WriteAllBytes(log.In(log.Files[0]), content[..^50]);
        log.Start();
        Assert.Contains("torn, and what stood there is missing", log.FirstFault());
    }

    [Fact]
    public void All_files_are_for_their_owner_alone()
    {
        using var log = new LogUnderTest();
        log.Read(times: 1);
        foreach (var file in Directory.GetFiles(log.Directory))
            Assert.Equal(0x180u, FileStatus.Of(file)!.Value.Permissions);
        Assert.Contains("audit.pub", Directory.GetFiles(log.Directory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Two_daemons_do_not_write_one_log()
    {
        using var log = new LogUnderTest();
        var second = LogLock.TakeAsync(log.Directory, log.Clock);
        while (await Task.WhenAny(second, log.Clock.WaitForTimersAsync(2)) != second)
            log.Clock.Advance(TimeSpan.FromSeconds(1));
        var refused = await Assert.ThrowsAsync<Protocol.OpxPathException>(() => second);
        Assert.Contains("another opx-authd writes the audit log", refused.Message);
    }

    [Fact]
    public async Task A_daemon_that_finds_the_log_held_has_it_when_the_other_has_stopped()
    {
        using var log = new LogUnderTest();
        var timers = log.Clock.Timers;
        var second = LogLock.TakeAsync(log.Directory, log.Clock);
        Assert.False(second.IsCompleted);
        log.Stop();
        await log.Clock.WaitForTimersAsync(1);
        log.Clock.Advance(TimeSpan.FromSeconds(1));
        await using var held = await second;
        Assert.True(held.CanWrite);
    }

    [Fact]
    public void Hostile_text_stays_one_line_of_plain_characters()
    {
        using var log = new LogUnderTest();
        log.Log.Append(new AuditEvent(AuditEvents.AccessDecision)
        {
            Peer = new AuditPeer(1, "/tmp/a\n{\"event\":\"x\"}\u001b[31m\u202e\ud800", 0, 0),
            Reference = "op://v/i/\",\"hash\":\"0\"}\n",
        });
        Assert.Equal(2, log.Lines().Count);
        Assert.All(log.Lines()[1], character => Assert.InRange(character, ' ', '~'));
        Assert.Equal("op://v/i/\",\"hash\":\"0\"}\n", log.Records()[1].Content.Reference);
        log.IsClean();
    }
}
