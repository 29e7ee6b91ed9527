using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Sessions;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>A name and a password that are asked for one after the other are of one lease, for as long as it lives.</summary>
public sealed class LeasePairTests : IDisposable
{
    private readonly LeasedVault _leased = new();

    private VaultUnderTest Vault => _leased.Vault;

    public void Dispose() => _leased.Dispose();

    [Fact]
    public async Task Two_keys_read_one_after_the_other_are_of_one_lease()
    {
        Assert.Equal(["u1"], await Vault.ReadAsync(LeasedVault.Username));
        Vault.Clock.Advance(TimeSpan.FromSeconds(55));

        Assert.Equal(["p1", """{"username":"u1","password":"p1"}"""], await Vault.ReadAsync(LeasedVault.Password, $"vault://{LeasedVault.Path}"));
        Assert.Equal(1, _leased.Granted);
    }

    [Fact]
    public async Task Two_keys_read_at_the_same_time_by_two_are_of_one_lease()
    {
        var both = new TaskCompletionSource();
        _leased.BeforeGrant = _ => both.Task;

        var name = Vault.ReadAsync(LeasedVault.Username);
        var password = Vault.ReadAsync(LeasedVault.Password);
        await LeasedVault.UntilAsync(() => _leased.Granted == 1);
        both.SetResult();

        Assert.Equal(["u1", "p1"], [.. await name, .. await password]);
    }

    [Fact]
    public async Task One_who_leaves_the_queue_for_a_path_holds_up_nobody()
    {
        using var leaves = new CancellationTokenSource();
        var turns = new PathTurns();
        var path = new VaultPath(LeasedVault.Path, null);
        var first = await turns.TakeAsync(path, CancellationToken.None);
        var second = turns.TakeAsync(path, leaves.Token);
        var third = turns.TakeAsync(path, CancellationToken.None);

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Dispose();

        (await third).Dispose();
    }

    [Fact]
    public async Task A_fresh_read_brings_a_new_pair_and_gives_the_old_one_back()
    {
        Assert.Equal(["u1", "p1"], await Vault.ReadAsync(LeasedVault.Username, LeasedVault.Password));

        Assert.Equal(["p2"], await Vault.ReadFreshAsync(LeasedVault.Password));

        Assert.Equal(["u2"], await Vault.ReadAsync(LeasedVault.Username));
        // Also what the cache has of it: the name beside the fresh password would be the old one.
        Assert.Equal([LeasedVault.Password, LeasedVault.Username], Vault.Forgotten);
        await _leased.UntilRevokedAsync("1");
    }

    [Fact]
    public async Task Fresh_reads_that_wait_for_the_same_path_share_what_was_asked_for_after_both_came()
    {
        Assert.Equal(["u1"], await Vault.ReadAsync(LeasedVault.Username));
        var all = new TaskCompletionSource();
        _leased.BeforeGrant = number => number == 2 ? all.Task : Task.CompletedTask;

        var first = Vault.ReadFreshAsync(LeasedVault.Username);
        await LeasedVault.UntilAsync(() => _leased.Granted == 2);
        // These come while the second lease is being asked for already: it may be older than their question.
        Task<string[]>[] late = [Vault.ReadFreshAsync(LeasedVault.Username), Vault.ReadFreshAsync(LeasedVault.Password)];
        all.SetResult();
        await first;

        Assert.Equal(["u3", "p3"], [.. await late[0], .. await late[1]]);
    }

    [Fact]
    public async Task An_invalidation_of_one_key_drops_the_pair()
    {
        await Vault.ReadAsync(LeasedVault.Username, LeasedVault.Password);

        Vault.Backend.Invalidate(new HashSet<VaultPath> { new(LeasedVault.Path, null) });

        Assert.Equal([LeasedVault.Password, LeasedVault.Username], Vault.Forgotten);
        await _leased.UntilRevokedAsync("1");
        Assert.Equal(["p2"], await Vault.ReadAsync(LeasedVault.Password));
    }

    [Fact]
    public async Task An_invalidation_of_another_path_leaves_the_pair()
    {
        await Vault.ReadAsync(LeasedVault.Username);

        Vault.Backend.Invalidate(new HashSet<VaultPath> { new("database/creds/other", null) });

        Assert.Equal(["p1"], await Vault.ReadAsync(LeasedVault.Password));
        Assert.Empty(Vault.Forgotten);
    }

    [Fact]
    public async Task What_was_asked_for_before_an_invalidation_answers_nobody_after_it()
    {
        var go = new TaskCompletionSource();
        _leased.BeforeGrant = number => number == 1 ? go.Task : Task.CompletedTask;
        var reading = Vault.ReadAsync(LeasedVault.Username);
        await LeasedVault.UntilAsync(() => _leased.Granted == 1);

        Vault.Backend.Invalidate(null);
        go.SetResult();

        Assert.Equal(["u1"], await reading);
        Assert.Equal(["p2"], await Vault.ReadAsync(LeasedVault.Password));
    }

    [Fact]
    public async Task After_a_lock_there_is_a_new_pair()
    {
        await Vault.ReadAsync(LeasedVault.Username);

        Vault.Backend.Lock(LockReason.Person);

        Assert.Equal(["p2"], await Vault.ReadAsync(LeasedVault.Password));
        await _leased.UntilRevokedAsync("1");
    }

    [Fact]
    public async Task A_pair_ends_with_the_token_that_it_came_with()
    {
        await Vault.ReadAsync(LeasedVault.Username);
        Vault.Server.Mount("secret", "secret/app").On("secret/data/app", ScriptedVault.Denied, () => ScriptedVault.Json(200, """{"request_id":"r","data":{"data":{"k":"v"}}}"""));

        Assert.Equal(["v"], await Vault.ReadAsync("vault://secret/app#k"));

        Assert.Equal([LeasedVault.Username], Vault.Forgotten);
        Assert.Equal(["p2"], await Vault.ReadAsync(LeasedVault.Password));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task What_is_not_kept_is_neither_renewed_nor_given_back_before_the_end(long keptBytes)
    {
        using var leased = new LeasedVault(keptBytes);

        Assert.Equal(["u1"], await leased.Vault.ReadAsync(LeasedVault.Username));
        Assert.Equal(["p2"], await leased.Vault.ReadAsync(LeasedVault.Password));
        leased.Vault.Clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal((0, 0), (leased.Revocations, leased.Renewals));

        await leased.Vault.Backend.StopAsync();
        Assert.Equal(2, leased.Revocations);
    }
}
