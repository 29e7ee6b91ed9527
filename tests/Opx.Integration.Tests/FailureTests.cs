using Opx.Daemon.Access;
using Opx.Daemon.Backends;
using Opx.Daemon.Identity;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>How a read fails: typed, named, and without a word that is not ours.</summary>
public sealed class FailureTests
{
    public static TheoryData<ErrorCode> BackendCodes =>
    [
        ErrorCode.UnsupportedRef, ErrorCode.AccessDenied, ErrorCode.NotFound, ErrorCode.Ambiguous, ErrorCode.TooLarge, ErrorCode.SignInRequired,
        ErrorCode.PromptDismissed, ErrorCode.RateLimited, ErrorCode.BackendError, ErrorCode.BackendUnavailable, ErrorCode.BackendTimeout, ErrorCode.Internal,
    ];

    [Theory]
    [MemberData(nameof(BackendCodes))]
    public async Task A_failure_of_the_backend_keeps_its_code_on_the_way_to_the_caller(ErrorCode code)
    {
        await using var daemon = await DaemonUnderTest.StartAsync(new StubBackend { Answer = _ => StubBackend.Failure(code, "what to do next") });

        var answer = await daemon.ReadAsync("op://v/i/f");

        Assert.Equal(["type", "title", "status", "detail", "code", "ref", "request_id"], answer.Members);
        Assert.Equal(
            (code.Status(), "about:blank", code.Title(), code.Status().ToString(), "what to do next", code.Name(), "op://v/i/f"),
            (answer.Status, answer["type"], answer["title"], answer["status"], answer["detail"], answer["code"], answer["ref"]));
        Assert.Equal("application/problem+json", answer.Header("Content-Type"));
    }

    [Fact]
    public async Task Two_failures_have_two_request_ids()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(new StubBackend { Answer = _ => StubBackend.Failure(ErrorCode.NotFound) });

        Assert.NotEqual((await daemon.ReadAsync("op://v/i/f"))["request_id"], (await daemon.ReadAsync("op://v/i/f"))["request_id"]);
    }

    [Fact]
    public async Task What_a_backend_throws_becomes_internal_with_none_of_its_text_anywhere()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(
            new StubBackend { Answer = _ => throw new InvalidOperationException("canary-secret") }, options => options with { Verbose = true });

        var single = await daemon.ReadAsync("op://v/i/f");
        var many = await daemon.PostAsync(Routes.Reads, """{"refs":["op://v/i/f","op://v/i/g"]}""");
        var status = await daemon.StatusAsync();

        Assert.Equal((500, "internal"), (single.Status, single["code"]));
        Assert.Equal("internal", many.Json.GetProperty("results").GetProperty("op://v/i/g").GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain("canary", single.Text + many.Text + status.Text + daemon.Log);
    }

    [Fact]
    public async Task A_backend_that_answers_too_little_leaves_nobody_waiting()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(new ForgetfulBackend());

        var answer = await daemon.PostAsync(Routes.Reads, """{"refs":["op://v/i/f","op://v/i/g"]}""");

        Assert.All(answer.Json.GetProperty("results").EnumerateObject(), result =>
            Assert.Equal("internal", result.Value.GetProperty("error").GetProperty("code").GetString()));
        await daemon.UntilAsync("in_flight", "0");
    }

    [Fact]
    public async Task A_not_found_is_remembered_for_five_seconds_and_other_failures_are_not()
    {
        var backend = new StubBackend
        {
            Answer = reference => StubBackend.Failure(reference.Text.EndsWith("none", StringComparison.Ordinal) ? ErrorCode.NotFound : ErrorCode.BackendError),
        };
        await using var daemon = await DaemonUnderTest.StartAsync(backend);

        await daemon.ReadAsync("op://v/i/none");
        daemon.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(404, (await daemon.ReadAsync("op://v/i/none")).Status);
        Assert.Single(backend.Batches);
        daemon.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(404, (await daemon.ReadAsync("op://v/i/none")).Status);
        Assert.Equal(2, backend.Batches.Count());
        Assert.Equal(404, (await daemon.ReadAsync("op://v/i/none", fresh: true)).Status);
        Assert.Equal(3, backend.Batches.Count());

        await daemon.ReadAsync("op://v/i/f");
        await daemon.ReadAsync("op://v/i/f");
        Assert.Equal(5, backend.Batches.Count());
    }

    [Fact]
    public async Task An_invalidation_forgets_a_remembered_not_found_but_does_not_count_it()
    {
        var backend = new StubBackend { Answer = _ => StubBackend.Failure(ErrorCode.NotFound) };
        await using var daemon = await DaemonUnderTest.StartAsync(backend);
        await daemon.ReadAsync("op://v/i/f");
        Assert.Equal("0", (await daemon.StatusAsync())["cache_size"]);
        backend.Answer = _ => StubBackend.Value("made just now");

        Assert.Equal("0", (await daemon.PostAsync(Routes.Invalidate, """{"refs":["op://v/i/f"]}"""))["removed"]);
        Assert.Equal("made just now", (await daemon.ReadAsync("op://v/i/f"))["value"]);
    }

    [Fact]
    public async Task The_circuit_opens_after_repeated_unavailability_and_closes_again()
    {
        var backend = new StubBackend { Answer = _ => StubBackend.Failure(ErrorCode.BackendUnavailable, "connecting failed") };
        await using var daemon = await DaemonUnderTest.StartAsync(backend);
        for (var i = 0; i < 5; i++)
            Assert.Equal("connecting failed", (await daemon.ReadAsync($"op://v/i/{i}"))["detail"]);

        var refused = await daemon.ReadAsync("op://v/i/f");
        Assert.Equal((503, "backend_unavailable"), (refused.Status, refused["code"]));
        Assert.Equal(5, backend.Batches.Count());
        Assert.Equal("unavailable", await StateAsync(daemon));

        backend.Answer = _ => StubBackend.Value("back");
        daemon.Clock.Advance(TimeSpan.FromSeconds(15));
        // The pause is over, though nobody has asked yet.
        Assert.Equal("ready", await StateAsync(daemon));
        Assert.Equal("back", (await daemon.ReadAsync("op://v/i/f"))["value"]);
        Assert.Equal("ready", await StateAsync(daemon));
    }

    [Fact]
    public async Task A_single_reference_that_is_away_does_not_open_the_circuit_for_the_rest_of_its_batch()
    {
        var backend = new StubBackend
        {
            Answer = reference => reference.Text.EndsWith("bad", StringComparison.Ordinal) ? StubBackend.Failure(ErrorCode.BackendUnavailable) : StubBackend.Value("x"),
        };
        await using var daemon = await DaemonUnderTest.StartAsync(backend, options => options with { TimeToLive = TimeSpan.Zero });

        for (var i = 0; i < 10; i++)
            await daemon.PostAsync(Routes.Reads, """{"refs":["op://v/i/bad","op://v/i/good"]}""");

        Assert.Equal("x", (await daemon.ReadAsync("op://v/i/good"))["value"]);
    }

    [Fact]
    public async Task A_rate_limit_of_the_backend_is_kept_for_as_long_as_it_says()
    {
        var backend = new StubBackend { Answer = _ => StubBackend.Failure(ErrorCode.RateLimited, "the quota is used up", TimeSpan.FromMinutes(58)) };
        await using var daemon = await DaemonUnderTest.StartAsync(backend);

        var first = await daemon.ReadAsync("op://v/i/f");
        daemon.Clock.Advance(TimeSpan.FromMinutes(8));
        var second = await daemon.ReadAsync("op://v/i/g");

        Assert.Equal((429, "3480"), (first.Status, first.Header("Retry-After")));
        Assert.Equal((429, "3000"), (second.Status, second.Header("Retry-After")));
        Assert.Single(backend.Batches);
        Assert.Equal("rate_limited", await StateAsync(daemon));
        backend.Answer = _ => StubBackend.Value("again");
        daemon.Clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal("again", (await daemon.ReadAsync("op://v/i/f"))["value"]);
    }

    [Fact]
    public async Task Reads_over_our_own_limit_are_told_to_wait_and_what_is_cached_is_not()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(
            new StubBackend(), options => options with { Limits = options.Limits with { BackendReadsBurst = 3, BackendReadsPerSecond = 1 } });
        await daemon.ReadAsync("op://v/i/kept");

        var refused = Enumerable.Range(0, 20).Select(i => $"\"op://v/i/{i}\"");
        var many = await daemon.PostAsync(Routes.Reads, $$"""{"refs":[{{string.Join(',', refused)}}]}""");
        Assert.Contains(many.Json.GetProperty("results").EnumerateObject(), result =>
            result.Value.TryGetProperty("error", out var error) && error.GetProperty("code").GetString() == "rate_limited");

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await daemon.ReadAsync("op://v/i/kept")).Status);
            Assert.Equal(200, (await daemon.StatusAsync()).Status);
        }
    }

    [Fact]
    public async Task A_denied_caller_never_reaches_cache_or_flight()
    {
        var backend = new StubBackend();
        var gate = new Gate();
        await using var daemon = await DaemonUnderTest.StartAsync(backend, access: gate);
        await daemon.ReadAsync("op://v/i/kept");
        backend.Hold();
        var underWay = daemon.ReadAsync("op://v/i/flying");
        await backend.ArrivedAsync();
        await backend.ArrivedAsync();
        gate.Denied = true;

        foreach (var reference in (string[])["op://v/i/kept", "op://v/i/flying", "op://v/i/new"])
        {
            var answer = await daemon.ReadAsync(reference);
            Assert.Equal((403, "access_denied", reference), (answer.Status, answer["code"], answer["ref"]));
        }

        var many = await daemon.PostAsync(Routes.Reads, """{"refs":["op://v/i/kept","op://v/i/new"]}""");
        Assert.DoesNotContain("value of", many.Text);
        Assert.Equal(403, (await daemon.PostAsync(Routes.Resolve, """{"env":{"A":"op://v/i/kept"}}""")).Status);
        var status = await daemon.StatusAsync();
        Assert.Equal(("0", "0", "2"), (status["hits"], status["coalesced"], status["misses"]));
        Assert.Equal(Environment.ProcessId, gate.Caller!.ProcessId);
        backend.Release();
        Assert.Equal(200, (await underWay).Status);
    }

    private static async Task<string?> StateAsync(DaemonUnderTest daemon) =>
        (await daemon.StatusAsync()).Json.GetProperty("backends")[0].GetProperty("state").GetString();

    private sealed class Gate : IAccessGate
    {
        public bool Denied { get; set; }

        public Peer? Caller { get; private set; }

        public IdentityNeeds Needs => IdentityNeeds.None;

        public ValueTask<AccessRuling> DecideAsync(Peer peer, IReadOnlyList<SecretReference> references)
        {
            Caller = peer;
            return new(Denied ? new AccessRuling(null, null, new(new Problem(ErrorCode.AccessDenied, "not you"), "test")) : AccessRuling.NoPolicy(null));
        }
    }

    private sealed class ForgetfulBackend : ISecretBackend
    {
        public string Name => "forgetful";

        public int ConcurrentBatches => 1;

        public Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<BackendOutcome>>([StubBackend.Value("one of two")]);

        public Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation) => Task.FromResult<BackendFailure?>(null);

        public BackendStatus Status() => new(Name, "ready", null, 0, 0, 0, 0);
    }
}
