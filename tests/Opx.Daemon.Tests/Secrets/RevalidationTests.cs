using Opx.Daemon.Audit;
using Opx.Daemon.Backends;
using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Daemon.Sessions;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Secrets;

public sealed class RevalidationTests
{
    private const string Reference = "op://v/i/f";
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);

    private static DaemonOptions Configured(DaemonOptions options) =>
        options with { TimeToLive = TimeToLive, StaleWhileRevalidate = TimeSpan.FromSeconds(30) };

    private static async Task<ReaderUnderTest> WithValueAsync(IAuditLog? audit = null, TimeSpan? timeToLive = null)
    {
        var test = new ReaderUnderTest(configure: options => Configured(options) with { TimeToLive = timeToLive ?? TimeToLive }, audit: audit);
        var reading = test.ReadAsync(Reference);
        (await test.Backend.CallAsync(0)).Land(" old");
        await reading;
        test.Clock.Advance((timeToLive ?? TimeToLive) + TimeSpan.FromSeconds(1));
        return test;
    }

    [Fact]
    public void A_leased_value_is_not_answered_past_its_time()
    {
        var clock = new ManualClock();
        using var cache = new SecretCache(100_000, clock, staleFor: TimeSpan.FromSeconds(30));
        using var value = SecretValue.CopyOf("x"u8);
        var (leased, other) = (new SecretKey("vault", null, "a"), new SecretKey("vault", null, "b"));
        cache.Keep(leased, value, TimeSpan.FromSeconds(10), 0, isLeased: true);
        cache.Keep(other, value, TimeSpan.FromSeconds(10), 0);

        clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Null(cache.Find(leased));
        using var stale = cache.Find(other)!.Value;
        Assert.True(stale.IsStale);
    }

    [Fact]
    public async Task A_value_past_its_time_is_answered_at_once_and_one_refresh_runs_however_many_ask()
    {
        await using var test = await WithValueAsync();
        for (var i = 0; i < 5; i++)
            Assert.Equal(new(Reference + " old", null, true), await test.ReadAsync(Reference));
        var refresh = await test.Backend.CallAsync(1);
        Assert.Equal(1, test.Flights.Count);
        refresh.Land(" new");
        await Until(() => test.Flights.Count == 0);

        Assert.Equal(new(Reference + " new", null, true), await test.ReadAsync(Reference));
        Assert.Equal(2, test.Backend.Calls.Count);
    }

    [Fact]
    public async Task When_that_time_is_over_too_a_read_waits_for_the_backend()
    {
        await using var test = await WithValueAsync();
        test.Clock.Advance(TimeSpan.FromSeconds(30));
        var reading = test.ReadAsync(Reference);
        (await test.Backend.CallAsync(1)).Land(" new");

        Assert.Equal(new(Reference + " new", null, false), await reading);
    }

    [Fact]
    public async Task Without_the_option_nothing_is_answered_past_its_time()
    {
        await using var test = new ReaderUnderTest();
        var reading = test.ReadAsync(Reference);
        (await test.Backend.CallAsync(0)).Land(" old");
        await reading;
        test.Clock.Advance(TimeSpan.FromSeconds(120));
        var again = test.ReadAsync(Reference);
        (await test.Backend.CallAsync(1)).Land(" new");

        Assert.Equal(Reference + " new", (await again).Value);
    }

    [Fact]
    public async Task A_refresh_that_fails_is_counted_recorded_and_not_tried_again_at_once()
    {
        var audit = new Records();
        await using var test = await WithValueAsync(audit);
        await test.ReadAsync(Reference);
        (await test.Backend.CallAsync(1)).Fail(new BackendFailure(ErrorCode.BackendError, "no"));
        await Until(() => test.Reader.Revalidation.Failures == 1);

        Assert.Equal(ErrorCode.BackendError, test.Reader.Revalidation.LastFailure?.Code);
        Assert.Equal((AuditEvents.Cache, Reference, "backend_error"), audit.Last(AuditEvents.Cache));
        Assert.Equal(Reference + " old", (await test.ReadAsync(Reference)).Value);
        Assert.Equal(2, test.Backend.Calls.Count);

        test.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(Reference + " old", (await test.ReadAsync(Reference)).Value);
        (await test.Backend.CallAsync(2)).Land(" new");
        await Until(() => test.Reader.Revalidation.LastFailure is null);
        Assert.Equal(Reference + " new", (await test.ReadAsync(Reference)).Value);
    }

    [Fact]
    public async Task A_value_read_after_a_refresh_that_failed_is_refreshed_without_a_pause()
    {
        await using var test = await WithValueAsync(timeToLive: TimeSpan.FromSeconds(1));
        await test.ReadAsync(Reference);
        (await test.Backend.CallAsync(1)).Fail(new BackendFailure(ErrorCode.BackendError, "no"));
        await Until(() => test.Reader.Revalidation.Failures == 1);
        var fresh = test.ReadAsync(Reference, fresh: true);
        (await test.Backend.CallAsync(2)).Land(" new");
        await fresh;
        test.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Reference + " new", (await test.ReadAsync(Reference)).Value);
        (await test.Backend.CallAsync(3)).Land(" newest");
        await Until(() => test.Flights.Count == 0);
        Assert.Equal(Reference + " newest", (await test.ReadAsync(Reference)).Value);
    }

    [Fact]
    public async Task What_the_backend_has_no_more_is_not_answered_any_more()
    {
        await using var test = await WithValueAsync();
        await test.ReadAsync(Reference);
        (await test.Backend.CallAsync(1)).Fail(new BackendFailure(ErrorCode.NotFound, "gone"));
        await Until(() => test.Reader.Revalidation.Failures == 1);

        Assert.Equal(ErrorCode.NotFound, (await test.ReadAsync(Reference)).Code);
    }

    [Fact]
    public async Task A_refresh_that_was_begun_before_an_invalidation_is_not_kept()
    {
        await using var test = await WithValueAsync();
        await test.ReadAsync(Reference);
        var refresh = await test.Backend.CallAsync(1);
        test.Flights.Invalidate(null);
        refresh.Land(" old too");
        await Until(() => test.Flights.Count == 0);

        Assert.Equal(0, test.Cache.Count);
    }

    [Fact]
    public async Task A_lock_drops_the_value_and_the_refresh_and_is_no_failure_of_it()
    {
        await using var test = await WithValueAsync();
        await test.ReadAsync(Reference);
        var refresh = await test.Backend.CallAsync(1);
        test.Session.Lock(LockReason.Person);
        Assert.True(refresh.Cancellation.IsCancellationRequested);
        refresh.Land(" late");

        Assert.Equal(ErrorCode.SessionLocked, (await test.ReadAsync(Reference)).Code);
        Assert.Equal(0, test.Cache.Count);
        Assert.Equal(0, test.Reader.Revalidation.Failures);
    }

    [Fact]
    public async Task A_backend_that_nobody_is_signed_in_to_locks_the_session_though_nobody_waited()
    {
        await using var test = await WithValueAsync();
        await test.ReadAsync(Reference);
        (await test.Backend.CallAsync(1)).Fail(new BackendFailure(ErrorCode.SignInRequired, "sign in"));
        await Until(() => test.Session.InForce == LockReason.Backend);

        Assert.Equal(0, test.Cache.Count);
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 2_000_000, "waited in vain");
            await Task.Yield();
        }
    }

    private sealed class Records : IAuditLog
    {
        private readonly List<AuditEvent> _events = [];

        public bool IsOn => true;

        public Problem? Refusal(int records) => null;

        public Problem? Append(params ReadOnlySpan<AuditEvent> events)
        {
            lock (_events)
                _events.AddRange(events);
            return null;
        }

        public (string, string?, string?) Last(string kind)
        {
            lock (_events)
                return _events.FindLast(record => record.Event == kind) is { } found ? (found.Event, found.Reference, found.Outcome) : default;
        }
    }
}
