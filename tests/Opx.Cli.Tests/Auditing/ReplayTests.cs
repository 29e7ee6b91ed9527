using System.Text;
using Opx.Cli.Auditing;
using Opx.Policy;
using Opx.Protocol.Files;

namespace Opx.Cli.Tests.Auditing;

public sealed class ReplayTests
{
    [Fact]
    public void It_counts_what_a_rule_would_have_changed()
    {
        AuditRecord[] log =
        [
            .. Enumerable.Range(0, 5).Select(i => Denied.Record("/usr/bin/kubectl", "op://Production/k8s/token", i)),
            Denied.Record("/usr/bin/curl", "op://Production/k8s/token"),
            Denied.Record(null, "op://Production/k8s/token"),
            new AuditRecord(Denied.Noon, new AuditEvent(AuditEvents.Daemon), 9),
        ];
        var replay = Replay.Of(log, Policy("""{"default_deny":true}"""), Policy(
            """{"allow":[{"path":"/usr/bin/kubectl","refs":["op://Production/k8s/token"]}],"default_deny":true}"""), Denied.Noon);
        Assert.Equal(new Replay(5, 2, 0), replay);
        Assert.Equal("Over this log it would have allowed 5, still denies 2", replay.ToString());
    }

    [Fact]
    public void A_rule_that_takes_a_reference_from_everybody_else_says_so()
    {
        AuditRecord[] log = [Denied.Record("/usr/bin/curl", "op://v/i/f", decision: AuditEvent.Allow), Denied.Record("/usr/bin/kubectl", "op://v/i/f")];
        var proposed = Policy("""{"allow":[{"path":"/usr/bin/kubectl","refs":["op://v/i/f"]}]}""");
        Assert.Equal(new Replay(1, 0, 1), Replay.Of(log, today: null, proposed, Denied.Noon));
        Assert.Contains("denies 1 that were allowed", Replay.Of(log, null, proposed, Denied.Noon).ToString());
    }

    [Fact]
    public void A_deny_rule_still_denies_what_is_allowed_beside_it() => Assert.Equal(new Replay(0, 1, 0), Replay.Of(
        [Denied.Record("/bin/a", "op://Personal/i/f")],
        Policy("""{"deny":[{"refs":["op://Personal/*"]}]}"""),
        Policy("""{"deny":[{"refs":["op://Personal/*"]}],"allow":[{"path":"/bin/a","refs":["op://Personal/i/f"]}]}"""),
        Denied.Noon));

    private static AccessPolicy Policy(string json) => new(PolicyFile.Load(Encoding.UTF8.GetBytes(json), "policy.json").Document!);
}
