using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Options;
using Opx.Daemon.Sessions;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>A token's life: looked at, renewed, replaced once for all who wait, dropped at a lock.</summary>
public sealed class TokenTests
{
    private const string Reference = "vault://kv/x#k";
    private const string Good = """{"request_id":"r","data":{"k":"v"}}""";

    private static readonly VaultAuthOptions AppRole = new("approle")
    {
        Refs = new Dictionary<string, string> { ["role_id"] = "op://v/i/role", ["secret_id"] = "op://v/i/secret" },
    };

    private static VaultUnderTest WithAppRole(ScriptedVault server, Func<int, VaultAnswer>? login = null)
    {
        var logins = 0;
        server.On("auth/approle/login", _ => (login ?? (n => ScriptedVault.Login($"t{n}")))(Interlocked.Increment(ref logins)));
        var vault = new VaultUnderTest(server, AppRole);
        vault.Own["op://v/i/role"] = "the-role";
        vault.Own["op://v/i/secret"] = "the-\"secret\"\\\n";
        return vault;
    }

    private static ScriptedVault Kv() => new ScriptedVault().Token().Mount("kv", "kv/x", "1").On("kv/x", 200, Good);

    [Fact]
    public async Task A_token_is_looked_at_once_and_then_used()
    {
        using var vault = new VaultUnderTest(Kv().Token(ttl: 60));

        await vault.ReadAsync(Reference);
        await vault.ReadAsync(Reference);

        Assert.Equal(1, vault.Server.Count("auth/token/lookup-self"));
        Assert.Equal(("token", "environment", "signed_in", 60L), Login(vault));
    }

    [Fact]
    public async Task Without_any_token_somebody_has_to_sign_in()
    {
        using var vault = new VaultUnderTest(Kv(), token: null);

        Assert.Equal(["sign_in_required"], await vault.ReadAsync(Reference));
        Assert.Empty(vault.Server.Asked);
    }

    [Fact]
    public async Task A_token_that_the_server_does_not_know_has_to_be_replaced_by_somebody()
    {
        using var vault = new VaultUnderTest(Kv().On("auth/token/lookup-self", 403, """{"errors":["permission denied"]}"""));

        Assert.Equal(["sign_in_required"], await vault.ReadAsync(Reference));
        Assert.Equal("failing", vault.Backend.Status().Login!.State);
    }

    [Fact]
    public async Task The_file_that_vault_login_writes_is_read_and_read_anew_at_once()
    {
        using var home = new TemporaryHome();
        using var vault = new VaultUnderTest(
            Kv().On("auth/token/lookup-self", asked => asked.Token == "good" ? ScriptedVault.Json(200, """{"data":{"ttl":0}}""") : ScriptedVault.Denied()), token: null, home: home.Path);

        Assert.Equal(["sign_in_required"], await vault.ReadAsync(Reference));
        home.Write(".vault-token", "bad\n"u8);
        Assert.Equal(["sign_in_required"], await vault.ReadAsync(Reference));
        home.Write(".vault-token", "good\n"u8);
        Assert.Equal(["v"], await vault.ReadAsync(Reference));
        Assert.Equal("token_file", vault.Backend.Status().Login!.From);
    }

    [Fact]
    public async Task A_login_sends_each_credential_exactly()
    {
        using var vault = WithAppRole(Kv());

        Assert.Equal(["v"], await vault.ReadAsync(Reference));
        Assert.Equal("""{"role_id":"the-role","secret_id":"the-\"secret\"\\\u000a"}""", vault.Server.Asked.Single(asked => asked.Path == "auth/approle/login").Body);
        Assert.Equal("t1", vault.Server.Asked[^1].Token);
    }

    [Fact]
    public async Task Twenty_readers_whose_token_has_died_cost_one_login_and_get_twenty_values()
    {
        using var vault = WithAppRole(Kv());
        await vault.ReadAsync(Reference);
        var all = new TaskCompletionSource();
        var arrived = 0;
        vault.Server.On("kv/x", async asked =>
        {
            if (asked.Token != "t1")
                return ScriptedVault.Json(200, Good);
            if (Interlocked.Increment(ref arrived) == 20)
                all.SetResult();
            await all.Task;
            return ScriptedVault.Denied();
        });

        var values = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => vault.ReadAsync(Reference))));

        Assert.All(values, value => Assert.Equal(["v"], value));
        Assert.Equal(2, vault.Server.Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_token_that_dies_in_the_middle_of_a_batch_costs_one_login_and_no_value()
    {
        using var vault = WithAppRole(Kv());
        for (var i = 0; i < 10; i++)
        {
            var mine = i;
            vault.Server.Mount("kv", $"kv/p{i}", "1").On($"kv/p{i}", asked => asked.Token == "t1" && mine >= 5 ? ScriptedVault.Denied() : ScriptedVault.Json(200, Good));
        }

        Assert.All(await vault.ReadAsync([.. Enumerable.Range(0, 10).Select(i => $"vault://kv/p{i}#k")]), value => Assert.Equal("v", value));
        Assert.Equal(2, vault.Server.Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_path_that_is_denied_costs_one_login_and_not_one_for_each_read()
    {
        using var vault = WithAppRole(Kv().On("kv/x", _ => ScriptedVault.Denied()));

        Assert.Equal(["access_denied"], await vault.ReadAsync(Reference));
        Assert.Equal(2, vault.Server.Count("auth/approle/login"));
        Assert.Equal(["access_denied"], await vault.ReadAsync(Reference));
        Assert.Equal(["access_denied"], await vault.ReadAsync(Reference));
        Assert.Equal(2, vault.Server.Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_wrong_credential_is_not_tried_again_and_again()
    {
        using var vault = WithAppRole(Kv(), _ => ScriptedVault.Json(400, """{"errors":["invalid role or secret ID"]}"""));

        for (var i = 0; i < 5; i++)
            Assert.Equal(["sign_in_required"], await vault.ReadAsync(Reference));
        Assert.Equal((1, 1), (vault.Server.Count("auth/"), vault.OwnReads));

        vault.Clock.Advance(TimeSpan.FromSeconds(5));
        await vault.ReadAsync(Reference);
        vault.Clock.Advance(TimeSpan.FromSeconds(5));
        await vault.ReadAsync(Reference);
        Assert.Equal(2, vault.Server.Count("auth/"));
    }

    [Fact]
    public async Task A_server_that_is_away_is_asked_again_after_a_pause_that_grows()
    {
        using var vault = WithAppRole(Kv(), n => n < 3 ? VaultAnswer.Of(ExchangeFault.Unreachable) : ScriptedVault.Login("t"));

        Assert.Equal(["backend_unavailable"], await vault.ReadAsync(Reference));
        Assert.Equal(["backend_unavailable"], await vault.ReadAsync(Reference));
        Assert.Equal(1, vault.Server.Count("auth/"));
        vault.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["backend_unavailable"], await vault.ReadAsync(Reference));
        vault.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["backend_unavailable"], await vault.ReadAsync(Reference));
        Assert.Equal(2, vault.Server.Count("auth/"));
        vault.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["v"], await vault.ReadAsync(Reference));
    }

    [Fact]
    public async Task A_token_is_renewed_when_two_thirds_of_its_life_are_over()
    {
        using var vault = WithAppRole(Kv(), _ => ScriptedVault.Login("t", ttl: 90, renewable: true));
        vault.Server.On("auth/token/renew-self", _ => ScriptedVault.Login("t", ttl: 90, renewable: true));
        await vault.ReadAsync(Reference);

        vault.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, vault.Server.Count("auth/token/renew-self"));
        vault.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => vault.Backend.Status().Login!.ExpiresInSeconds == 90);
        vault.Clock.Advance(TimeSpan.FromSeconds(60));
        await UntilAsync(() => vault.Backend.Status().Login!.ExpiresInSeconds == 90);

        Assert.Equal((2, 1), (vault.Server.Count("auth/token/renew-self"), vault.Server.Count("auth/approle/login")));
        Assert.Equal("t", vault.Server.Asked[^1].Token);
    }

    [Fact]
    public async Task A_renewal_that_finds_nobody_is_tried_again_in_what_is_left()
    {
        using var vault = WithAppRole(Kv(), _ => ScriptedVault.Login("t", ttl: 90, renewable: true));
        vault.Server.On("auth/token/renew-self", () => VaultAnswer.Of(ExchangeFault.Unreachable), () => ScriptedVault.Login("t", ttl: 90, renewable: true));
        await vault.ReadAsync(Reference);
        var timers = vault.Clock.Timers;

        vault.Clock.Advance(TimeSpan.FromSeconds(60));
        await UntilAsync(() => vault.Server.Count("auth/token/renew-self") == 1 && vault.Clock.Timers >= timers);
        vault.Clock.Advance(TimeSpan.FromSeconds(21));
        await UntilAsync(() => vault.Backend.Status().Login!.ExpiresInSeconds == 90);
    }

    [Fact]
    public async Task A_token_that_cannot_be_renewed_is_replaced_when_its_time_is_over_whatever_the_wall_clock_says()
    {
        using var vault = WithAppRole(Kv(), n => ScriptedVault.Login($"t{n}", ttl: 60));
        await vault.ReadAsync(Reference);

        vault.Clock.SetWallClock(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await vault.ReadAsync(Reference);
        Assert.Equal(1, vault.Server.Count("auth/approle/login"));
        vault.Clock.SetWallClock(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        vault.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(["v"], await vault.ReadAsync(Reference));
        Assert.Equal("t2", vault.Server.Asked[^1].Token);
    }

    [Fact]
    public async Task After_a_lock_a_login_by_references_repeats_itself_and_the_worker_has_ended()
    {
        using var vault = WithAppRole(Kv());
        await vault.ReadAsync(Reference);

        vault.Backend.Lock(LockReason.Person);
        Assert.Equal((1, "signed_out"), (vault.Server.Ends, vault.Backend.Status().Login!.State));

        Assert.Equal(["v"], await vault.ReadAsync(Reference));
        Assert.Equal((2, 2), (vault.Server.Count("auth/approle/login"), vault.OwnReads));
    }

    [Fact]
    public async Task Another_backends_failing_login_does_not_take_this_ones_token()
    {
        using var vault = WithAppRole(Kv());
        await vault.ReadAsync(Reference);

        vault.Backend.Lock(LockReason.Backend);

        Assert.Equal((0, 1, "signed_in"), (vault.Server.Ends, vault.Server.Retirements, vault.Backend.Status().Login!.State));
    }

    [Fact]
    public async Task A_lock_in_the_middle_of_a_login_leaves_nothing_of_it()
    {
        var login = new TaskCompletionSource<VaultAnswer>();
        using var vault = WithAppRole(Kv());
        vault.Server.On("auth/approle/login", _ => login.Task);
        var read = vault.ReadAsync(Reference);
        while (vault.Server.Count("auth/") == 0)
            await Task.Yield();

        vault.Backend.Lock(LockReason.Person);
        login.SetResult(ScriptedVault.Login("late"));

        Assert.Equal(["session_locked"], await read);
        Assert.Equal("signed_out", vault.Backend.Status().Login!.State);
    }

    [Fact]
    public async Task A_read_that_outlives_its_login_begins_no_other()
    {
        var answer = new TaskCompletionSource<VaultAnswer>();
        using var vault = WithAppRole(Kv());
        await vault.ReadAsync(Reference);
        vault.Server.On("kv/x", _ => answer.Task);
        var read = vault.ReadAsync(Reference);
        while (vault.Server.Count("kv/x") < 2)
            await Task.Yield();

        Assert.False(await vault.Backend.LogOutAsync(TestContext.Current.CancellationToken));
        answer.SetResult(ScriptedVault.Denied());

        Assert.Equal(["session_locked"], await read);
        Assert.Equal(1, vault.Server.Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_wrapped_secret_id_is_unwrapped_once_and_serves_until_a_lock()
    {
        var server = Kv().On("sys/wrapping/unwrap", () => ScriptedVault.Json(200, """{"data":{"secret_id":"unwrapped","secret_id_accessor":"a"}}"""),
            () => ScriptedVault.Json(400, """{"errors":["wrapping token is not valid or does not exist"]}"""));
        var logins = 0;
        server.On("auth/approle/login", asked => asked.Body!.Contains("unwrapped") ? ScriptedVault.Login($"t{++logins}", ttl: 10) : ScriptedVault.Json(400, ""));
        using var vault = new VaultUnderTest(server, new VaultAuthOptions("approle")
        {
            Refs = new Dictionary<string, string> { ["role_id"] = "op://v/i/role", ["wrapped_secret_id"] = "op://v/i/wrapped" },
        });
        vault.Own["op://v/i/role"] = "role";
        vault.Own["op://v/i/wrapped"] = "hvs.wrapping";

        Assert.Equal(["v"], await vault.ReadAsync(Reference));
        vault.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["v"], await vault.ReadAsync(Reference));
        Assert.Equal("hvs.wrapping", server.Asked.Single(asked => asked.Path == "sys/wrapping/unwrap").Token);

        vault.Backend.Lock(LockReason.Person);
        Assert.Equal(["sign_in_required"], await vault.ReadAsync(Reference));
    }

    [Fact]
    public async Task A_login_that_needs_what_it_unlocks_is_an_error_that_names_the_circle()
    {
        using var vault = WithAppRole(Kv());
        vault.Circle = "vault → bao → vault";

        var failure = await vault.FailureAsync(Reference);

        Assert.Equal(ErrorCode.BackendError, failure.Code);
        Assert.Contains("vault → bao → vault", failure.Detail);
        Assert.Equal(0, vault.OwnReads);
    }

    [Fact]
    public async Task A_reference_of_the_login_that_is_not_there_says_so_and_is_not_the_callers()
    {
        using var vault = WithAppRole(Kv());
        vault.Own.Clear();

        var failure = await vault.FailureAsync(Reference);

        Assert.Equal(ErrorCode.SignInRequired, failure.Code);
        Assert.Contains("op://v/i/role", failure.Detail);
    }

    [Fact]
    public async Task Signed_in_is_asked_of_the_server_without_a_login()
    {
        using var vault = WithAppRole(Kv());

        Assert.Null(await vault.Backend.CheckSignInAsync(null, TestContext.Current.CancellationToken));
        Assert.Equal(0, vault.Server.Count("auth/"));
        await vault.ReadAsync(Reference);
        Assert.Null(await vault.Backend.CheckSignInAsync(null, TestContext.Current.CancellationToken));
        Assert.Equal(1, vault.Server.Count("auth/token/lookup-self"));
        vault.Server.On("auth/token/lookup-self", _ => ScriptedVault.Denied());
        Assert.Equal(ErrorCode.SignInRequired, (await vault.Backend.CheckSignInAsync(null, TestContext.Current.CancellationToken))!.Code);
    }

    private static (string?, string?, string, long?) Login(VaultUnderTest vault) =>
        vault.Backend.Status().Login is { } login ? (login.Method, login.From, login.State, login.ExpiresInSeconds) : default;

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 2_000_000, "it never came to pass");
            await Task.Yield();
        }
    }
}
