using Opx.Daemon.Access;
using Opx.Daemon.Backends;
using Opx.Daemon.Identity;
using Opx.Daemon.Sessions;
using Opx.Protocol;

namespace Opx.Daemon.Tests.Secrets;

public sealed class SecretReaderTests
{
    private const string Reference = "op://v/i/f";

    private static readonly BackendFailure NotFound = new(ErrorCode.NotFound, "no such item");

    private static ReaderUnderTest Answering(Func<Daemon.Options.DaemonOptions, Daemon.Options.DaemonOptions>? configure = null)
    {
        var test = new ReaderUnderTest(configure: configure);
        test.Backend.Answer = reference => RecordingBackend.Value(reference.Text);
        return test;
    }

    private sealed class Gate : IAccessGate
    {
        public Problem? Refusal { get; set; }

        public IdentityNeeds Needs => IdentityNeeds.None;

        public ValueTask<AccessRuling> DecideAsync(Peer peer, IReadOnlyList<SecretReference> references) =>
            new(new AccessRuling(null, null, new(Refusal, "test")));
    }

    [Fact]
    public async Task A_denied_caller_never_joins_a_flight_and_never_reaches_the_cache()
    {
        var gate = new Gate();
        await using var test = new ReaderUnderTest(access: gate);
        var allowed = test.ReadAsync(Reference);
        var call = await test.Backend.CallAsync(0);

        gate.Refusal = new Problem(ErrorCode.AccessDenied, "no");
        var denied = test.ReadAsync(Reference);
        Assert.True(denied.IsCompleted, "a refusal waits for nobody");
        Assert.Equal(ErrorCode.AccessDenied, (await denied).Code);
        Assert.Equal(1, test.Flights.WaitersOf(test.Key(Reference)));

        call.Land();
        await allowed;
        Assert.Equal(ErrorCode.AccessDenied, (await test.ReadAsync(Reference)).Code);
        Assert.Equal(0, test.Reader.Hits);
    }

    [Fact]
    public async Task A_cached_value_is_answered_at_once_and_unchanged()
    {
        await using var test = Answering();
        await test.ReadAsync(Reference);
        var again = test.ReadAsync(Reference);
        Assert.True(again.IsCompleted);
        Assert.Equal(new ReaderUnderTest.Answer(Reference, null, FromCache: true), await again);
    }

    [Fact]
    public async Task What_is_over_while_the_machine_is_suspended_is_wiped_within_ten_seconds_of_its_waking()
    {
        await using var test = Answering();
        await test.ReadAsync(Reference);
        test.Clock.Suspend(TimeSpan.FromHours(1));
        Assert.Equal(1, test.Cache.Count);
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, test.Cache.Count);
        Assert.Equal(SessionState.Authenticated, test.Session.State);

        await test.ReadAsync(Reference);
        test.Clock.Suspend(TimeSpan.FromHours(9));
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(LockReason.Idle, test.Session.InForce);
        Assert.Equal(0, test.Cache.Count);
    }

    [Fact]
    public async Task A_value_is_gone_when_its_time_has_passed_with_nobody_touching_it()
    {
        await using var test = Answering();
        await test.ReadAsync(Reference);
        test.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.True((await test.ReadAsync(Reference)).FromCache);
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; test.Cache.Count > 0; i++)
        {
            Assert.True(i < 2_000_000, "the entry stays");
            await Task.Yield();
        }

        Assert.False((await test.ReadAsync(Reference)).FromCache);
    }

    [Fact]
    public async Task Fresh_skips_the_cache_and_fills_it_anew()
    {
        await using var test = new ReaderUnderTest();
        test.Backend.Answer = _ => RecordingBackend.Value("old");
        await test.ReadAsync(Reference);
        test.Backend.Answer = _ => RecordingBackend.Value("new");
        Assert.Equal("old", (await test.ReadAsync(Reference)).Value);
        Assert.Equal("new", (await test.ReadAsync(Reference, fresh: true)).Value);
        Assert.Equal(new ReaderUnderTest.Answer("new", null, FromCache: true), await test.ReadAsync(Reference));
    }

    [Fact]
    public async Task Not_found_is_remembered_for_five_seconds_and_fresh_skips_that()
    {
        await using var test = new ReaderUnderTest();
        test.Backend.Answer = _ => BackendOutcome.Of(NotFound);
        Assert.Equal(ErrorCode.NotFound, (await test.ReadAsync(Reference)).Code);
        Assert.Equal(ErrorCode.NotFound, (await test.ReadAsync(Reference)).Code);
        Assert.Single(test.Backend.Calls);
        Assert.Equal(ErrorCode.NotFound, (await test.ReadAsync(Reference, fresh: true)).Code);
        Assert.Equal(2, test.Backend.Calls.Count);
        test.Clock.Advance(TimeSpan.FromSeconds(5));
        test.Backend.Answer = _ => RecordingBackend.Value("found");
        Assert.Equal("found", (await test.ReadAsync(Reference)).Value);
    }

    [Theory]
    [InlineData("op://v/i/f?attribute=otp")]
    [InlineData("op://v/i/f?Attribute=OTP")]
    public async Task A_one_time_password_is_never_kept(string reference)
    {
        await using var test = Answering();
        await test.ReadAsync(reference);
        await test.ReadAsync(reference);
        Assert.Equal(2, test.Backend.Calls.Count);
        Assert.Equal(0, test.Cache.Count);
    }

    [Fact]
    public async Task A_value_lives_no_longer_than_its_backend_allows()
    {
        await using var test = new ReaderUnderTest();
        test.Backend.Answer = _ => RecordingBackend.Value("leased") with { KeepFor = TimeSpan.FromSeconds(10) };
        await test.ReadAsync(Reference);
        test.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.True((await test.ReadAsync(Reference)).FromCache);
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await test.ReadAsync(Reference)).FromCache);
    }

    [Fact]
    public async Task With_a_time_to_live_of_zero_nothing_is_kept()
    {
        await using var test = Answering(options => options with { TimeToLive = TimeSpan.Zero });
        await test.ReadAsync(Reference);
        Assert.Equal(0, test.Cache.Count);
        Assert.False((await test.ReadAsync(Reference)).FromCache);
    }

    [Fact]
    public async Task One_bad_reference_does_not_spoil_the_others()
    {
        await using var test = new ReaderUnderTest();
        test.Backend.Answer = reference => reference.Text.EndsWith("bad") ? BackendOutcome.Of(NotFound) : RecordingBackend.Value(reference.Text);
        var answers = await test.ReadManyAsync(["op://v/i/a", "op://v/i/bad", "op://v/i/c"]);
        Assert.Equal(["op://v/i/a", null, "op://v/i/c"], answers.Select(answer => answer.Value));
        Assert.Equal(ErrorCode.NotFound, answers[1].Code);
    }

    [Fact]
    public async Task A_locked_session_gives_no_value_and_holds_none()
    {
        await using var test = Answering();
        await test.ReadAsync(Reference);
        test.Session.Lock(LockReason.Person);
        Assert.Equal(0, test.Cache.Count);
        Assert.Equal(ErrorCode.SessionLocked, (await test.ReadAsync(Reference)).Code);
        Assert.Equal(0, test.Backend.SignInChecks);
        test.Session.TryUnlock(test.Session.Locks);
        Assert.Equal(Reference, (await test.ReadAsync(Reference)).Value);
    }

    [Fact]
    public async Task A_lock_while_a_read_is_under_way_leaves_nobody_with_a_value_and_nothing_kept()
    {
        await using var test = new ReaderUnderTest();
        var read = test.ReadAsync(Reference);
        var call = await test.Backend.CallAsync(0);
        test.Session.Lock(LockReason.Person);
        Assert.Equal(ErrorCode.SessionLocked, (await read).Code);
        Assert.True(call.Cancellation.IsCancellationRequested);
        call.Land();
        test.Session.TryUnlock(test.Session.Locks);
        Assert.Equal(0, test.Cache.Count);
    }

    [Fact]
    public async Task After_an_idle_lock_a_read_opens_the_session_where_the_backend_is_signed_in()
    {
        await using var test = Answering();
        await test.ReadAsync(Reference);
        test.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal(SessionState.Locked, test.Session.State);
        test.Backend.SignIn = new BackendFailure(ErrorCode.SignInRequired, "sign in");
        Assert.Equal(ErrorCode.SessionLocked, (await test.ReadAsync(Reference)).Code);
        test.Backend.SignIn = null;
        Assert.Equal(Reference, (await test.ReadAsync(Reference)).Value);
        Assert.Equal(SessionState.Authenticated, test.Session.State);
    }

    [Fact]
    public async Task A_cached_answer_counts_as_activity()
    {
        await using var test = Answering(options => options with { TimeToLive = TimeSpan.FromHours(8), SessionIdleTimeout = TimeSpan.FromHours(8) });
        await test.ReadAsync(Reference);
        test.Clock.Advance(TimeSpan.FromHours(7));
        Assert.True((await test.ReadAsync(Reference)).FromCache);
        test.Clock.Advance(TimeSpan.FromHours(7));
        Assert.Equal(SessionState.Authenticated, test.Session.State);
        test.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(SessionState.Locked, test.Session.State);
    }

    [Fact]
    public async Task A_backend_that_says_nobody_is_signed_in_locks_the_session()
    {
        await using var test = new ReaderUnderTest();
        test.Backend.Answer = _ => BackendOutcome.Of(new BackendFailure(ErrorCode.SignInRequired, "sign in"));
        Assert.Equal(ErrorCode.SignInRequired, (await test.ReadAsync(Reference)).Code);
        Assert.Equal(LockReason.Backend, test.Session.LockedBy);
    }

    [Fact]
    public async Task It_does_not_where_that_is_switched_off()
    {
        await using var test = new ReaderUnderTest(configure: options => options with { LockOnAuthFailure = false });
        test.Backend.Answer = _ => BackendOutcome.Of(new BackendFailure(ErrorCode.SignInRequired, "sign in"));
        Assert.Equal(ErrorCode.SignInRequired, (await test.ReadAsync(Reference)).Code);
        Assert.Null(test.Session.LockedBy);
    }
}
