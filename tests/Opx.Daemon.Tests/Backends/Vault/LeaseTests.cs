using Opx.Daemon.Backends;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Sessions;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>Leased secrets: kept for their lease at most, renewed, and given back.</summary>
public sealed class LeaseTests : IDisposable
{
    private const string Reference = "vault://database/creds/app#password";

    private readonly VaultUnderTest _vault = new();

    public LeaseTests() => Server
        .Mount("database", "database/creds/app", version: null)
        .On("database/creds/app", 200, Leased(90, renewable: true))
        .On("sys/leases/revoke", _ => ScriptedVault.Answer(204, [], null))
        .On("sys/leases/renew", 200, """{"request_id":"r","lease_id":"database/creds/app/1","renewable":true,"lease_duration":90}""");

    private ScriptedVault Server => _vault.Server;

    private int Revocations => Server.Count("sys/leases/revoke");

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task A_leased_value_may_be_kept_for_its_lease_and_not_longer()
    {
        var outcome = await ReadOneAsync();

        Assert.Equal(TimeSpan.FromSeconds(90), outcome.KeepFor);
        outcome.Value!.Dispose();
    }

    [Fact]
    public async Task A_lease_is_given_back_when_the_last_of_its_values_is_dropped()
    {
        var outcomes = await _vault.OutcomesAsync("vault://database/creds/app#username", Reference);

        outcomes[0].Value!.Dispose();
        await Task.Yield();
        Assert.Equal(0, Revocations);
        outcomes[1].Value!.Dispose();

        await UntilAsync(() => Revocations == 1);
        Assert.Equal("""{"lease_id":"database/creds/app/1"}""", Server.Asked[^1].Body);
        Assert.Equal(VaultUnderTest.Token, Server.Asked[^1].Token);
    }

    [Fact]
    public async Task A_lease_nobody_got_a_value_of_is_given_back_at_once()
    {
        Assert.Equal(["not_found"], await _vault.ReadAsync("vault://database/creds/app#none"));

        await UntilAsync(() => Revocations == 1);
    }

    [Fact]
    public async Task What_is_never_kept_is_left_to_run_out()
    {
        using var vault = new VaultUnderTest(Server, keptFor: TimeSpan.Zero);

        Assert.Equal(["p"], await vault.ReadAsync(Reference));
        vault.Clock.Advance(TimeSpan.FromSeconds(89));
        vault.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((0, 0), (Revocations, Server.Count("sys/leases/renew")));
    }

    [Fact]
    public async Task A_lease_is_renewed_at_two_thirds_and_its_values_are_kept_longer()
    {
        using var value = (await ReadOneAsync()).Value!;

        _vault.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, Server.Count("sys/leases/renew"));
        _vault.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => _vault.Prolonged.Count == 1);

        Assert.Equal("""{"lease_id":"database/creds/app/1","increment":"90"}""", Server.Asked[^1].Body);
        // 90 more seconds of lease, but the cache keeps nothing for more than 120 seconds in all.
        Assert.Equal((value, TimeSpan.FromSeconds(60)), _vault.Prolonged[0]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    public async Task A_lease_that_cannot_be_renewed_runs_out_with_its_values(int status)
    {
        Server.On("sys/leases/renew", status, """{"errors":["lease is not renewable"]}""");
        using var value = (await ReadOneAsync()).Value!;

        _vault.Clock.Advance(TimeSpan.FromSeconds(60));
        await UntilAsync(() => Server.Count("sys/leases/renew") == 1);
        _vault.Clock.Advance(TimeSpan.FromSeconds(31));
        _vault.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal((1, 0), (Server.Count("sys/leases/renew"), _vault.Prolonged.Count));
    }

    [Fact]
    public async Task A_lease_that_says_it_is_not_renewable_is_not_renewed()
    {
        Server.On("database/creds/app", 200, Leased(90, renewable: false));
        using var value = (await ReadOneAsync()).Value!;

        _vault.Clock.Advance(TimeSpan.FromSeconds(89));

        Assert.Equal(0, Server.Count("sys/leases/renew"));
    }

    [Fact]
    public async Task A_renewal_that_finds_nobody_is_tried_again_before_the_lease_is_over()
    {
        Server.On("sys/leases/renew", () => VaultAnswer.Of(ExchangeFault.Unreachable), () => ScriptedVault.Json(200, """{"lease_duration":90}"""));
        using var value = (await ReadOneAsync()).Value!;

        _vault.Clock.Advance(TimeSpan.FromSeconds(60));
        await UntilAsync(() => Server.Count("sys/leases/renew") == 1);
        _vault.Clock.Advance(TimeSpan.FromSeconds(20));

        await UntilAsync(() => _vault.Prolonged.Count == 1);
    }

    [Fact]
    public async Task A_lock_gives_back_every_lease_and_then_lets_go_of_the_token()
    {
        var outcomes = await _vault.OutcomesAsync(Reference);
        var answer = new TaskCompletionSource<VaultAnswer>();
        Server.On("sys/leases/revoke", _ => answer.Task);

        _vault.Backend.Lock(LockReason.Person);
        await UntilAsync(() => Revocations == 1);
        Assert.Equal((1, "signed_out"), (Server.Ends, _vault.Backend.Status().Login!.State));
        answer.SetResult(ScriptedVault.Answer(204, [], null));
        await UntilAsync(() => Server.Retirements == 1);

        // The value goes as well; its lease has been given back already.
        outcomes[0].Value!.Dispose();
        await Task.Yield();
        Assert.Equal(1, Revocations);
    }

    [Fact]
    public async Task The_end_waits_for_a_server_that_hangs_no_longer_than_three_seconds()
    {
        using var value = (await ReadOneAsync()).Value!;
        Server.On("sys/leases/revoke", _ => new TaskCompletionSource<VaultAnswer>().Task);

        var stop = _vault.Backend.StopAsync();
        await UntilAsync(() => Revocations == 1);
        Assert.False(stop.IsCompleted);
        _vault.Clock.Advance(TimeSpan.FromSeconds(3));

        await stop;
    }

    [Fact]
    public async Task A_hundred_leases_are_given_back_eight_at_a_time()
    {
        for (var i = 0; i < 100; i++)
        {
            Server.Mount("database", $"database/creds/r{i}", version: null)
                .On($"database/creds/r{i}", 200, Leased(90, renewable: false).Replace("app/1", $"r{i}/1"));
        }

        var eight = new TaskCompletionSource();
        Server.On("sys/leases/revoke", async _ =>
        {
            if (Revocations == 8)
                eight.TrySetResult();
            await eight.Task;
            return ScriptedVault.Answer(204, [], null);
        });
        var outcomes = await _vault.OutcomesAsync([.. Enumerable.Range(0, 100).Select(i => $"vault://database/creds/r{i}#password")]);
        await _vault.Backend.StopAsync();

        Assert.Equal(100, Server.Asked.Where(asked => asked.Path == "sys/leases/revoke").Select(asked => asked.Body).Distinct().Count());
        Assert.Equal(8, Server.Most);
        foreach (var outcome in outcomes)
            outcome.Value!.Dispose();
    }

    private static string Leased(int seconds, bool renewable) =>
        "{\"request_id\":\"r\",\"lease_id\":\"database/creds/app/1\",\"renewable\":" + (renewable ? "true" : "false")
        + ",\"lease_duration\":" + seconds + ",\"data\":{\"username\":\"u\",\"password\":\"p\"}}";

    private async Task<BackendOutcome> ReadOneAsync() => (await _vault.OutcomesAsync(Reference))[0];

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 2_000_000, "it never came to pass");
            await Task.Yield();
        }
    }
}
