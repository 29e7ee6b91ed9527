using Opx.Daemon.Access;
using Opx.Daemon.Audit;
using Opx.Daemon.Identity;
using Opx.Daemon.Secrets;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Tests.Audit;

public sealed class AuditedReadsTests
{
    private static readonly SecretReference[] References = [Reference("op://v/i/one"), Reference("op://v/i/two")];
    private static readonly Problem Denied = new(ErrorCode.AccessDenied, "a rule says so");
    private static readonly AccessRuling Ruling = new(null, "/policy.json", default, [new(Denied, "deny rule 1"), new(null, "rule 2")]);
    private static readonly ReadContext Context = new(new Peer(7, 1000, 1001), null, false) { RequestId = "r" };

    private readonly RecordingLog _log = new();

    [Fact]
    public async Task Every_reference_has_its_record_before_the_answer()
    {
        var outcomes = await Read(() => new([ReadOutcome.Of(Denied), ReadOutcome.Of(new Problem(ErrorCode.NotFound, "not there"))]));
        Assert.Equal([ErrorCode.AccessDenied, ErrorCode.NotFound], outcomes.Select(outcome => outcome.Problem!.Code));
        Assert.Equal(
            [("op://v/i/one", "DENY", "access_denied", "deny rule 1"), ("op://v/i/two", "ALLOW", "not_found", "rule 2")],
            _log.Events.Select(e => (e.Reference, e.Decision, e.Outcome, e.Reason)));
        Assert.All(_log.Events, e => Assert.Equal(("r", 7, 1000u, 1001u), (e.RequestId, e.Peer!.ProcessId, e.Peer.UserId, e.Peer.GroupId)));
    }

    [Fact]
    public async Task The_caller_is_recorded_and_not_the_client_it_asks_through()
    {
        var caller = new Policy.Caller { ProcessId = 9, UserId = 1, GroupId = 2, Path = "/bin/python3", Script = "/x.py" };
        var who = new Identification(new IdentifiedProcess(caller, "/bin/opx", null!), null, PeerRecord.Needs);
        await Read(() => new([ReadOutcome.Of(Denied), ReadOutcome.Of(Denied)]), AccessRuling.NoPolicy(who));
        Assert.All(_log.Events, e => Assert.Equal(new AuditPeer(9, "/bin/python3", 1, 2, "/bin/opx", "/x.py"), e.Peer));
        Assert.All(_log.Events, e => Assert.Equal("no policy", e.Reason));
    }

    [Fact]
    public async Task That_nobody_knows_who_asks_is_recorded_with_the_reason()
    {
        var nobody = AccessRuling.NoPolicy(Identification.Failed("it has ended"));
        await Read(() => new([ReadOutcome.Of(Denied), ReadOutcome.Of(Denied)]), nobody);
        Assert.All(_log.Events, e => Assert.Equal(("no policy; unidentified: it has ended", 7, null), (e.Reason, e.Peer!.ProcessId, e.Peer.Path)));
    }

    [Fact]
    public async Task A_value_that_cannot_be_recorded_is_not_answered_and_let_go()
    {
        _log.Failure = new Problem(ErrorCode.Internal, "the disk is full");
        var value = SecretValue.CopyOf("secret"u8);
        var outcomes = await Read(async () =>
        {
            await Task.Yield();
            return [new ReadOutcome(value, null, true, TimeSpan.Zero, 0), ReadOutcome.Of(Denied)];
        });
        Assert.All(outcomes, outcome => Assert.Equal("the disk is full", outcome.Problem!.Detail));
        Assert.Equal(References.Select(reference => reference.Text), outcomes.Select(outcome => outcome.Problem!.Reference));
        Assert.False(value.TryHold());
    }

    [Fact]
    public async Task No_backend_is_asked_while_nothing_can_be_recorded()
    {
        _log.Refuses = new Problem(ErrorCode.Internal, "the disk is full");
        var outcomes = await Read(() => throw new InvalidOperationException("asked"));
        Assert.All(outcomes, outcome => Assert.Equal(ErrorCode.Internal, outcome.Problem!.Code));
    }

    [Fact]
    public async Task A_caller_that_goes_away_is_recorded_too()
    {
        await Assert.ThrowsAsync<TaskCanceledException>(() => Read(() => new(Task.FromCanceled<ReadOutcome[]>(new CancellationToken(true)))).AsTask());
        Assert.Equal(["cancelled", "cancelled"], _log.Events.Select(e => e.Outcome));
    }

    [Fact]
    public async Task With_the_log_off_nothing_is_made()
    {
        _log.IsOn = false;
        await Read(() => new([ReadOutcome.Of(Denied)]));
        Assert.Empty(_log.Events);
    }

    private ValueTask<ReadOutcome[]> Read(Func<ValueTask<ReadOutcome[]>> read, AccessRuling? ruling = null) =>
        new AuditedReads(_log).ReadAsync(References, ruling ?? Ruling, Context, (_, _, _, _) => read(), CancellationToken.None);

    private static SecretReference Reference(string text) => SecretReference.Parse(text, out _)!;

    private sealed class RecordingLog : IAuditLog
    {
        public List<AuditEvent> Events { get; } = [];
        public Problem? Failure { get; set; }
        public Problem? Refuses { get; set; }
        public bool IsOn { get; set; } = true;

        public Problem? Refusal(int records) => Refuses;

        public Problem? Append(params ReadOnlySpan<AuditEvent> events)
        {
            Events.AddRange(events.ToArray());
            return Failure;
        }
    }
}
