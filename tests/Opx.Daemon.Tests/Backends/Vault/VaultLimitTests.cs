using System.Text;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Backends.Vault.Login;
using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>What is kept of a server, or believed of what it says, at its limit and past it.</summary>
public sealed class VaultLimitTests
{
    private const string Written = "vault://kv/x";

    [Theory]
    [InlineData(254, true)]
    [InlineData(255, false)]
    public async Task A_secret_may_be_nested_so_deep_and_no_deeper(int levels, bool isRead)
    {
        // Two levels more are the answer's own.
        var nested = string.Concat(Enumerable.Repeat("[", levels)) + string.Concat(Enumerable.Repeat("]", levels));
        using var vault = Holding($$$"""{"request_id":"r","data":{"k":{{{nested}}}}}""");

        Assert.Equal([isRead ? nested : "backend_error"], await vault.ReadAsync(Written + "#k"));
        Assert.Equal([isRead ? $$"""{"k":{{nested}}}""" : "backend_error"], await vault.ReadFreshAsync(Written));
    }

    [Fact]
    public async Task Of_very_many_keys_each_is_found_and_none_that_is_not_there()
    {
        var keys = Enumerable.Range(0, 100_000).Select(number => $"\"k{number}\":\"v{number}\"");
        using var vault = Holding($$$"""{"request_id":"r","data":{{{{string.Join(',', keys)}}}}}""");

        Assert.Equal(["v0", "v50000", "v99999", "not_found"], await vault.ReadAsync(Written + "#k0", Written + "#k50000", Written + "#k99999", Written + "#k100000"));
        Assert.Equal(1, vault.Server.Count("kv/x"));
    }

    [Theory]
    [InlineData("2147483647", 2_147_483_647L)]
    [InlineData("2147483648", 2_147_483_647L)]
    [InlineData("9223372036854775807", 2_147_483_647L)]
    // What is no number of seconds says nothing, and a lease of no time is over.
    [InlineData("9223372036854775808", 0L)]
    [InlineData("-1", 0L)]
    [InlineData("-9223372036854775808", 0L)]
    [InlineData("1e3", 0L)]
    [InlineData("60.5", 0L)]
    [InlineData("\"60\"", 0L)]
    [InlineData("null", 0L)]
    public async Task A_lease_of_any_length_is_one_of_seconds(string duration, long seconds)
    {
        using var vault = new VaultUnderTest();
        vault.Server.Mount("aws", "aws/creds/x", version: null).On(
            "aws/creds/x", 200, $$$"""{"request_id":"r","lease_id":"aws/creds/x/1","renewable":true,"lease_duration":{{{duration}}},"data":{"k":"v"}}""");

        var outcome = (await vault.OutcomesAsync("vault://aws/creds/x#k"))[0];

        Assert.Equal(TimeSpan.FromSeconds(seconds), outcome.KeepFor);
        outcome.Value!.Dispose();
        // The timers of the longest are set over and over, because none is so long.
        vault.Clock.Advance(TimeSpan.FromDays(60));
        Assert.Equal(0, vault.Server.Count("sys/leases/renew"));
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("2147483648")]
    public async Task A_token_that_is_to_live_for_ever_and_a_day_lives_long(string life)
    {
        using var vault = new VaultUnderTest(new ScriptedVault().Mount("kv", "kv/x", "1").On("kv/x", 200, """{"request_id":"r","data":{"k":"v"}}"""));
        vault.Server.On("auth/token/lookup-self", 200, $$$"""{"request_id":"r","data":{"ttl":{{{life}}},"renewable":true}}""");

        Assert.Equal(["v"], await vault.ReadAsync(Written + "#k"));
        vault.Clock.Advance(TimeSpan.FromDays(60));
        Assert.Equal(["v"], await vault.ReadAsync(Written + "#k"));
        Assert.Equal(1, vault.Server.Count("auth/token/lookup-self"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 2)]
    public async Task Leases_are_kept_up_to_the_caches_size_and_not_past_it(int room, int granted)
    {
        const string body = """{"request_id":"r","lease_id":"database/creds/app/1","renewable":true,"lease_duration":90,"data":{"username":"u1","password":"p1"}}""";
        using var leased = new LeasedVault(body.Length + room);

        Assert.Equal(["u1"], await leased.Vault.ReadAsync(LeasedVault.Username));
        Assert.Equal([$"p{granted}"], await leased.Vault.ReadAsync(LeasedVault.Password));
        Assert.Equal(granted, leased.Granted);
    }

    [Fact]
    public void Denied_paths_are_remembered_up_to_a_thousand_or_so()
    {
        using var token = new VaultToken(SecretValue.CopyOf("t"u8), null, false, false, new ManualClock());
        for (var number = 0; number < 1_024; number++)
            token.Deny($"p{number}");
        Assert.True(token.IsDenied("p0") && token.IsDenied("p1023"));

        token.Deny("p1024");

        Assert.True(token.IsDenied("p1024"));
        Assert.False(token.IsDenied("p0"));
    }

    [Fact]
    public void Logins_that_wait_for_a_browser_are_sixteen_the_oldest_goes_and_none_waits_longer_than_five_minutes()
    {
        var clock = new ManualClock();
        var logins = new OidcLogins(clock);
        for (var number = 0; number < 17; number++)
        {
            logins.Add($"s{number}", new OidcLogin(null!, null, null, $"n{number}", clock.GetTimestamp()));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Null(logins.Take("s0"));
        Assert.Equal("n1", logins.Take("s1")?.ClientNonce);
        Assert.Null(logins.Take("s1"));
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(10));
        Assert.Null(logins.Take("s6"));
        Assert.Equal("n7", logins.Take("s7")?.ClientNonce);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_token_file_may_be_64_kibibytes_long(int more, bool isRead)
    {
        using var home = new TemporaryHome();
        home.Write(".vault-token", Encoding.ASCII.GetBytes(new string('t', (64 * 1024) + more)));

        using var token = new VaultSettings("vault", new VaultOptions(), new Dictionary<string, string> { [EnvironmentNames.Home] = home.Path }).FileToken();

        Assert.Equal(isRead ? 64 * 1024 : null, token?.Bytes.Length);
    }

    [Theory]
    [InlineData(0, "v")]
    [InlineData(1, "sign_in_required")]
    public async Task A_file_with_a_jwt_may_be_64_kibibytes_long(int more, string outcome)
    {
        using var home = new TemporaryHome();
        home.Write("jwt", Encoding.ASCII.GetBytes(new string('j', Limits.CredentialBytes + more)));
        var server = new ScriptedVault().Mount("kv", "kv/x", "1").On("kv/x", 200, """{"request_id":"r","data":{"k":"v"}}""")
            .On("auth/jwt/login", _ => ScriptedVault.Login("t"));
        using var vault = new VaultUnderTest(server, new VaultAuthOptions("jwt") { Role = "r", JwtFile = home.In("jwt") }, token: null);

        Assert.Equal([outcome], await vault.ReadAsync(Written + "#k"));
        Assert.Equal(more == 0 ? 1 : 0, server.Count("auth/jwt/login"));
    }

    [Fact]
    public async Task The_pause_after_failed_logins_grows_to_five_minutes_and_not_on()
    {
        var server = new ScriptedVault().On("auth/approle/login", _ => VaultAnswer.Of(ExchangeFault.Unreachable));
        var refs = new Dictionary<string, string> { ["role_id"] = "op://V/i/role", ["secret_id"] = "op://V/i/secret" };
        using var vault = new VaultUnderTest(server, new VaultAuthOptions("approle") { Refs = refs }, token: null);
        (vault.Own["op://V/i/role"], vault.Own["op://V/i/secret"]) = ("r", "s");
        for (var logins = 1; logins <= 20; logins++)
        {
            await vault.ReadAsync(Written + "#k");
            Assert.Equal(logins, server.Count("auth/"));
            vault.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        await vault.ReadAsync(Written + "#k");
        vault.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await vault.ReadAsync(Written + "#k");
        Assert.Equal(21, server.Count("auth/"));
    }

    private static VaultUnderTest Holding(string answer) =>
        new(new ScriptedVault().Token().Mount("kv", "kv/x", "1").On("kv/x", 200, answer));
}
