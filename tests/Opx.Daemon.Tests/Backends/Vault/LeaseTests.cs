using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Sessions;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>Leased secrets over their time: renewed, kept for their lease at most, and given back.</summary>
public sealed class LeaseTests : IDisposable
{
    private const string Reference = LeasedVault.Password;

    private readonly LeasedVault _leased = new();

    private VaultUnderTest Vault => _leased.Vault;

    private ScriptedVault Server => Vault.Server;

    public void Dispose() => _leased.Dispose();

    [Fact]
    public async Task A_leased_value_may_be_kept_for_its_lease_and_not_longer()
    {
        var outcome = (await Vault.OutcomesAsync(Reference))[0];
        Assert.Equal((TimeSpan.FromSeconds(90), true), (outcome.KeepFor, outcome.IsLeased));
        outcome.Value!.Dispose();

        Vault.Clock.Advance(TimeSpan.FromSeconds(50));
        outcome = (await Vault.OutcomesAsync(Reference))[0];
        Assert.Equal(TimeSpan.FromSeconds(40), outcome.KeepFor);
        outcome.Value!.Dispose();
    }

    [Fact]
    public async Task A_leased_value_is_kept_no_longer_than_the_token_it_came_with_lives()
    {
        Server.Token(ttl: 30);

        var outcome = (await Vault.OutcomesAsync(Reference))[0];

        Assert.Equal(TimeSpan.FromSeconds(30), outcome.KeepFor);
        outcome.Value!.Dispose();
    }

    [Fact]
    public async Task A_lease_nobody_got_a_value_of_is_given_back_at_once()
    {
        Assert.Equal(["not_found"], await Vault.ReadAsync("vault://database/creds/app#none"));

        await _leased.UntilRevokedAsync("1");
        Assert.Equal(VaultUnderTest.Token, Server.Asked[^1].Token);
    }

    [Fact]
    public async Task A_lease_that_lives_on_is_not_given_back_when_the_cache_drops_its_value()
    {
        Assert.Equal(["p1"], await Vault.ReadAsync(Reference));

        Vault.Clock.Advance(TimeSpan.FromSeconds(89));

        Assert.Equal(0, _leased.Revocations);
    }

    [Fact]
    public async Task A_lease_is_renewed_at_two_thirds_and_answers_for_longer()
    {
        await Vault.ReadAsync(Reference);

        Vault.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, _leased.Renewals);
        Vault.Clock.Advance(TimeSpan.FromSeconds(1));
        await LeasedVault.UntilAsync(() => _leased.Renewals == 1);
        Assert.Equal("""{"lease_id":"database/creds/app/1","increment":"90"}""", Server.Asked[^1].Body);
        await UntilLookedAtInAsync(seconds: 60);
        Vault.Clock.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal(["p1"], await Vault.ReadAsync(Reference));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    public async Task A_lease_that_cannot_be_renewed_answers_until_its_end_and_the_next_one_after_it(int status)
    {
        Server.On("sys/leases/renew", status, """{"errors":["lease is not renewable"]}""");
        await Vault.ReadAsync(Reference);

        Vault.Clock.Advance(TimeSpan.FromSeconds(60));
        await UntilLookedAtInAsync(seconds: 30);
        Vault.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(["p1"], await Vault.ReadAsync(Reference));
        Vault.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["p2"], await Vault.ReadAsync(Reference));
        Assert.Equal((1, 0), (_leased.Renewals, _leased.Revocations));
    }

    [Fact]
    public async Task A_lease_that_says_it_is_not_renewable_is_not_renewed()
    {
        _leased.IsRenewable = false;
        await Vault.ReadAsync(Reference);

        Vault.Clock.Advance(TimeSpan.FromSeconds(89));

        Assert.Equal(0, _leased.Renewals);
    }

    [Fact]
    public async Task A_renewal_that_brings_no_more_time_is_the_last_one()
    {
        Server.On("sys/leases/renew", 200, """{"lease_duration":30}""");
        await Vault.ReadAsync(Reference);

        Vault.Clock.Advance(TimeSpan.FromSeconds(60));
        await UntilLookedAtInAsync(seconds: 30);
        Vault.Clock.Advance(TimeSpan.FromSeconds(29));

        Assert.Equal(1, _leased.Renewals);
    }

    [Fact]
    public async Task A_lease_the_server_knows_no_more_answers_no_more()
    {
        Server.On("sys/leases/renew", 400, """{"errors":["lease not found"]}""");
        await Vault.ReadAsync(Reference);

        Vault.Clock.Advance(TimeSpan.FromSeconds(60));
        await LeasedVault.UntilAsync(() => Vault.Forgotten.Count == 1);

        Assert.Equal(["p2"], await Vault.ReadAsync(Reference));
        Assert.Equal(0, _leased.Revocations);
    }

    [Fact]
    public async Task A_renewal_that_finds_nobody_is_tried_again_before_the_lease_is_over()
    {
        Server.On("sys/leases/renew", () => VaultAnswer.Of(ExchangeFault.Unreachable), () => ScriptedVault.Json(200, """{"lease_duration":90}"""));
        await Vault.ReadAsync(Reference);

        Vault.Clock.Advance(TimeSpan.FromSeconds(60));
        await LeasedVault.UntilAsync(() => _leased.Renewals == 1);
        Vault.Clock.Advance(TimeSpan.FromSeconds(20));

        await LeasedVault.UntilAsync(() => _leased.Renewals == 2);
    }

    [Fact]
    public async Task A_lock_gives_back_every_lease_and_then_lets_go_of_the_token()
    {
        await Vault.ReadAsync(Reference);
        var answer = new TaskCompletionSource<VaultAnswer>();
        Server.On("sys/leases/revoke", _ => answer.Task);

        Vault.Backend.Lock(LockReason.Person);
        await LeasedVault.UntilAsync(() => _leased.Revocations == 1);
        Assert.Equal((1, "signed_out"), (Server.Ends, Vault.Backend.Status().Login!.State));
        answer.SetResult(ScriptedVault.Answer(204, [], null));

        await LeasedVault.UntilAsync(() => Server.Retirements == 1);
    }

    [Fact]
    public async Task A_lock_because_another_backend_has_nobody_signed_in_gives_back_leases_and_keeps_the_token()
    {
        await Vault.ReadAsync(Reference);

        Vault.Backend.Lock(LockReason.Backend);

        await _leased.UntilRevokedAsync("1");
        Assert.Equal("signed_in", Vault.Backend.Status().Login!.State);
    }

    [Fact]
    public async Task The_end_waits_for_a_server_that_hangs_no_longer_than_three_seconds()
    {
        await Vault.ReadAsync(Reference);
        Server.On("sys/leases/revoke", _ => new TaskCompletionSource<VaultAnswer>().Task);

        var stop = Vault.Backend.StopAsync();
        await LeasedVault.UntilAsync(() => _leased.Revocations == 1);
        Assert.False(stop.IsCompleted);
        Vault.Clock.Advance(TimeSpan.FromSeconds(3));

        await stop;
    }

    [Fact]
    public async Task A_hundred_leases_are_given_back_eight_at_a_time()
    {
        var eight = new TaskCompletionSource();
        Server.On("sys/leases/revoke", async _ =>
        {
            if (_leased.Revocations == 8)
                eight.TrySetResult();
            await eight.Task;
            return ScriptedVault.Answer(204, [], null);
        });
        await Vault.ReadAsync([.. Enumerable.Range(0, 100).Select(i => $"vault://{_leased.Role($"r{i}")}#password")]);

        await Vault.Backend.StopAsync();

        Assert.Equal(100, Server.Asked.Where(asked => asked.Path == "sys/leases/revoke").Select(asked => asked.Body).Distinct().Count());
        Assert.Equal(8, Server.Most);
    }

    // The renewal's answer has arrived: until then the next look would be another try in what is left.
    private Task UntilLookedAtInAsync(int seconds) => LeasedVault.UntilAsync(() => Vault.Clock.UntilNextTimer == TimeSpan.FromSeconds(seconds));
}
