using Opx.Daemon.Backends;
using Opx.Daemon.Options;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>unknown → authenticated → locked, and who may open it again.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private readonly StubBackend _backend = new();
    private DaemonUnderTest _daemon = null!;

    public async ValueTask InitializeAsync() =>
        _daemon = await DaemonUnderTest.StartAsync(_backend, options => options with { SessionIdleTimeout = Idle, TimeToLive = TimeSpan.FromHours(1) });

    public async ValueTask DisposeAsync()
    {
        _backend.Release();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task A_session_is_unknown_until_the_first_read_succeeds()
    {
        Assert.Equal("unknown", await StateAsync());
        _backend.Answer = _ => StubBackend.Failure(ErrorCode.NotFound);
        await _daemon.ReadAsync("op://v/i/none");
        Assert.Equal("unknown", await StateAsync());
        _backend.Answer = _ => StubBackend.Value("x");
        await _daemon.ReadAsync("op://v/i/f");
        Assert.Equal("authenticated", await StateAsync());
    }

    [Fact]
    public async Task An_idle_session_locks_and_what_was_kept_is_gone()
    {
        await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Advance(Idle + TimeSpan.FromMinutes(1));

        Assert.Equal("locked", await StateAsync());
        Assert.Equal("0", (await _daemon.StatusAsync())["cache_size"]);
    }

    [Fact]
    public async Task Reads_from_the_cache_count_as_activity_and_looking_at_the_status_does_not()
    {
        await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Advance(Idle / 2);
        Assert.Equal("True", (await _daemon.ReadAsync("op://v/i/f"))["from_cache"]);

        _daemon.Clock.Advance(Idle - TimeSpan.FromSeconds(1));
        Assert.Equal("authenticated", await StateAsync());
        _daemon.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("locked", await StateAsync());
    }

    [Fact]
    public async Task An_idle_lock_opens_for_a_read_when_the_backend_is_signed_in()
    {
        await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Advance(Idle);

        var answer = await _daemon.ReadAsync("op://v/i/f");

        Assert.Equal((200, "False"), (answer.Status, answer["from_cache"]));
        Assert.Equal(1, _backend.SignInChecks);
        Assert.Equal("authenticated", await StateAsync());
    }

    [Fact]
    public async Task An_idle_lock_stays_when_the_backend_is_not_signed_in()
    {
        await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Advance(Idle);
        _backend.SignIn = new(ErrorCode.SignInRequired, "run op signin");

        var answer = await _daemon.ReadAsync("op://v/i/f");

        Assert.Equal((423, "session_locked", "op://v/i/f"), (answer.Status, answer["code"], answer["ref"]));
        Assert.Contains("run op signin", answer["detail"]);
        Assert.Single(_backend.Batches);
    }

    [Fact]
    public async Task A_persons_lock_holds_until_a_person_unlocks()
    {
        await _daemon.ReadAsync("op://v/i/f");
        await _daemon.PostAsync(Routes.SessionLock, "{}");

        for (var i = 0; i < 2; i++)
        {
            var answer = await _daemon.ReadAsync("op://v/i/f", fresh: i == 1);
            Assert.Equal((423, "session_locked"), (answer.Status, answer["code"]));
            Assert.Contains("opx unlock", answer["detail"]);
            _daemon.Clock.Advance(Idle);
        }

        Assert.Equal((1, 0), (_backend.Batches.Count(), _backend.SignInChecks));
        Assert.Equal("0", (await _daemon.StatusAsync())["cache_size"]);
        await _daemon.PostAsync(Routes.SessionUnlock, "{}");
        Assert.Equal((200, "False"), (await _daemon.ReadAsync("op://v/i/f")) is var read ? (read.Status, read["from_cache"]) : default);
    }

    [Fact]
    public async Task A_persons_lock_outlives_the_daemon_and_other_locks_do_not()
    {
        using var home = new TemporaryHome();
        async Task<string?> CodeAsync(Func<DaemonUnderTest, Task>? before = null)
        {
            await using var daemon = await DaemonUnderTest.StartAsync(_backend, home: home);
            await (before?.Invoke(daemon) ?? Task.CompletedTask);
            return (await daemon.ReadAsync("op://v/i/f"))["code"];
        }

        Assert.Null(await CodeAsync());
        Assert.Null(await CodeAsync(daemon => daemon.ReadAsync("op://v/i/f")));
        Assert.Equal("session_locked", await CodeAsync(daemon => daemon.PostAsync(Routes.SessionLock, "{}")));
        Assert.Equal("session_locked", await CodeAsync());
        Assert.Equal("session_locked", await CodeAsync(async daemon =>
        {
            _backend.SignIn = new(ErrorCode.SignInRequired, "run op signin");
            await daemon.PostAsync(Routes.SessionUnlock, "{}");
            _backend.SignIn = null;
        }));
        Assert.Null(await CodeAsync(daemon => daemon.PostAsync(Routes.SessionUnlock, "{}")));
        Assert.Null(await CodeAsync());
    }

    [Fact]
    public async Task A_status_that_finds_the_session_idle_for_too_long_counts_no_values_any_more()
    {
        await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Suspend(Idle);

        var status = await _daemon.StatusAsync();
        Assert.Equal(("locked", "0"), (status.Json.GetProperty("session").GetProperty("state").GetString(), status["cache_size"]));
    }

    [Fact]
    public async Task Many_readers_after_an_idle_lock_ask_once_whether_somebody_is_signed_in()
    {
        await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Advance(Idle);
        _backend.SignInGate = new TaskCompletionSource();
        var readers = Enumerable.Range(0, 12).Select(i => _daemon.ReadAsync($"op://v/i/{i}")).ToList();
        while (_backend.SignInChecks == 0)
            await Task.Yield();
        _backend.SignInGate.SetResult();
        Assert.All(await Task.WhenAll(readers), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(1, _backend.SignInChecks);
    }

    [Fact]
    public async Task One_backend_that_is_signed_in_is_enough_for_an_unlock()
    {
        var (one, other) = (new StubBackend("opcli"), new StubBackend("vault"));
        await using var daemon = await DaemonUnderTest.StartAsync(
            options: options => options with { Backend = BackendKind.Multi },
            backends: new Dictionary<BackendKind, ISecretBackend> { [BackendKind.OpCli] = one, [BackendKind.Vault] = other });
        (one.SignIn, other.SignIn) = (new(ErrorCode.BackendUnavailable, "there is no op"), new(ErrorCode.SignInRequired, "run opx login vault"));
        await daemon.PostAsync(Routes.SessionLock, "{}");
        var refused = await daemon.PostAsync(Routes.SessionUnlock, "{}");
        Assert.Equal(("False", "run opx login vault"), (refused["success"], refused["message"]));
        other.SignIn = null;
        Assert.Equal("True", (await daemon.PostAsync(Routes.SessionUnlock, "{}"))["success"]);
        Assert.Equal(200, (await daemon.ReadAsync("vault://a#b")).Status);
    }

    [Fact]
    public async Task A_locked_batch_names_each_of_its_references()
    {
        await _daemon.PostAsync(Routes.SessionLock, "{}");
        var answer = await _daemon.PostAsync(Routes.Reads, """{"refs":["op://v/i/a","op://v/i/b"]}""");
        Assert.Equal(200, answer.Status);
        Assert.All(answer.Json.GetProperty("results").EnumerateObject(), each => Assert.Contains("session_locked", each.Value.GetRawText()));
    }

    [Fact]
    public async Task A_persons_lock_takes_over_an_idle_one()
    {
        await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Advance(Idle);
        await _daemon.PostAsync(Routes.SessionLock, "{}");

        Assert.Equal(423, (await _daemon.ReadAsync("op://v/i/f")).Status);
    }

    [Fact]
    public async Task A_read_under_way_when_a_person_locks_is_told_so_at_once_and_is_not_kept()
    {
        _backend.Hold();
        var underWay = _daemon.ReadAsync("op://v/i/f");
        await _backend.ArrivedAsync();
        await _daemon.PostAsync(Routes.SessionLock, "{}");

        Assert.Equal("session_locked", (await underWay)["code"]);
        await _backend.CancelledAsync();
        await _daemon.PostAsync(Routes.SessionUnlock, "{}");
        Assert.Equal("0", (await _daemon.StatusAsync())["cache_size"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_read_that_was_overtaken_brings_no_value_after_a_lock_either(bool byInvalidation)
    {
        _backend.Hold();
        var overtaken = _daemon.ReadAsync("op://v/i/f");
        await _backend.ArrivedAsync();
        if (byInvalidation)
            await _daemon.PostAsync(Routes.Invalidate, """{"all":true}""");
        var second = _daemon.ReadAsync("op://v/i/f", fresh: true);
        await _daemon.UntilAsync("misses", "2");
        await _daemon.PostAsync(Routes.SessionLock, "{}");
        _backend.Release();

        Assert.Equal("session_locked", (await overtaken)["code"]);
        Assert.Equal("session_locked", (await second)["code"]);
    }

    [Fact]
    public async Task A_backend_that_nobody_is_signed_in_to_locks_the_session()
    {
        await _daemon.ReadAsync("op://v/i/kept");
        _backend.Answer = _ => StubBackend.Failure(ErrorCode.SignInRequired, "run op signin");
        _backend.SignIn = new(ErrorCode.SignInRequired, "run op signin");

        Assert.Equal((423, "sign_in_required"), (await _daemon.ReadAsync("op://v/i/f")) is var first ? (first.Status, first["code"]) : default);
        Assert.Equal("locked", await StateAsync());
        Assert.Equal("session_locked", (await _daemon.ReadAsync("op://v/i/kept"))["code"]);

        (_backend.Answer, _backend.SignIn) = (_ => StubBackend.Value("x"), null);
        Assert.Equal("x", (await _daemon.ReadAsync("op://v/i/kept"))["value"]);
        Assert.Equal("authenticated", await StateAsync());
    }

    [Fact]
    public async Task Locking_on_failed_sign_in_can_be_switched_off()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(
            new StubBackend { Answer = _ => StubBackend.Failure(ErrorCode.SignInRequired) }, options => options with { LockOnAuthFailure = false });

        Assert.Equal("sign_in_required", (await daemon.ReadAsync("op://v/i/f"))["code"]);
        Assert.Equal("unknown", (await daemon.StatusAsync()).Json.GetProperty("session").GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_session_without_idle_lock_never_locks_by_itself_and_still_by_hand()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(new StubBackend(), options => options with { EnableSessionLock = false });
        await daemon.ReadAsync("op://v/i/f");
        daemon.Clock.Advance(TimeSpan.FromDays(365));

        Assert.Equal(
            """{"state":"authenticated","idle_timeout_seconds":0,"time_until_lock_seconds":0,"enabled":false}""",
            (await daemon.StatusAsync()).Json.GetProperty("session").GetRawText());
        await daemon.PostAsync(Routes.SessionLock, "{}");
        Assert.Equal("session_locked", (await daemon.ReadAsync("op://v/i/f"))["code"]);
    }

    private async Task<string?> StateAsync() => (await _daemon.StatusAsync()).Json.GetProperty("session").GetProperty("state").GetString();
}
