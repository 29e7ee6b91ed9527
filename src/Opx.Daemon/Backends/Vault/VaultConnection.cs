using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Backends.Vault.Leases;
using Opx.Daemon.Backends.Vault.Login;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>
/// One server, one way to log in to it, and all that is known from there: token, mounts, leases. Another login makes another one, so that a
/// login that fails leaves the one that works.
/// </summary>
internal sealed class VaultConnection : IDisposable
{
    private readonly IVaultExchange _exchange;
    private readonly CredentialSources _sources;
    private readonly LeaseCalls _leaseCalls;

    public VaultConnection(VaultServer server, LoginPlan plan, VaultSettings settings, IVaultExchange exchange, VaultWorld world)
    {
        (Server, Plan, _exchange) = (server, plan, exchange);
        var client = new VaultClient(server, settings.Title, exchange, world.Calls, world.Clock);
        Call = new LoginCall(client, settings.Name, settings.Title, world.Clock);
        _sources = new CredentialSources(plan, settings, Call, world);
        Tokens = new TokenHolder(client, _sources.LogInAsync, plan.Origin != LoginOrigin.Ambient, world.Clock);
        _leaseCalls = new LeaseCalls(client, world.Clock);
        Leases = new LeaseBook(_leaseCalls, () => Tokens.Current, world);
        Tokens.Changed += Leases.Supersede;
        Mounts = new VaultMounts(client);
        Paths = new PathReads(client, Mounts, Leases, settings.Title);
        Client = client;
    }

    /// <summary>How many locks there had been when it was made.</summary>
    public long Prepared { get; init; }

    public VaultServer Server { get; }

    public LoginPlan Plan { get; }

    public VaultClient Client { get; }

    public LoginCall Call { get; }

    public TokenHolder Tokens { get; }

    public LeaseBook Leases { get; }

    public VaultMounts Mounts { get; }

    public PathReads Paths { get; }

    /// <summary>Where the token in use was found, for one that somebody else keeps.</summary>
    public string From => _sources.From;

    public CredentialSources Sources => _sources;

    /// <summary>
    /// A lock: the token and the worker are gone when this returns, unless leases want to be given back first; then they are gone when that
    /// is done, or its time is over.
    /// </summary>
    public Task LeaveAsync(TimeSpan limit)
    {
        // In this order: see LeaseBook about values that go at the same moment.
        var leases = Leases.TakeAll();
        var token = Tokens.TakeAway();
        _sources.Forget();
        _exchange.End();
        if (leases.Count > 0 && token is not null)
            return GiveBackAsync(leases, token, limit);
        token?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A lock that has another reason than this login: what was read is gone when this returns, the token stays.</summary>
    public Task LetGoAsync(TimeSpan limit)
    {
        Retire();
        return _leaseCalls.RevokeAsync(Leases.TakeAll(), Tokens.Current, limit);
    }

    /// <summary>The requests under way end by themselves, and with them the process that did them.</summary>
    public void Retire() => _exchange.Retire();

    public void Dispose()
    {
        Tokens.Dispose();
        Leases.Dispose();
        _sources.Forget();
        _exchange.Dispose();
    }

    private async Task GiveBackAsync(IReadOnlyList<Lease> leases, VaultToken token, TimeSpan limit)
    {
        try
        {
            await _leaseCalls.RevokeAsync(leases, token, limit);
        }
        finally
        {
            token.Dispose();
            _exchange.Retire();
        }
    }
}

/// <summary>What the backend lives among.</summary>
/// <param name="ReadOwn">Reads references for the daemon itself, through its own router, cache and batches.</param>
/// <param name="Check">Is the backend of this reference signed in? Without a prompt.</param>
/// <param name="Circle">The circle that these references of a login lead into; null for none.</param>
/// <param name="Forget">Drop these references from the cache, and keep nothing of them that is under way.</param>
/// <param name="KeptBytes">How much may be kept of what leases are for; 0 where nothing is.</param>
internal sealed record VaultWorld(
    Func<IReadOnlyList<SecretReference>, CancellationToken, Task<ReadOutcome[]>> ReadOwn,
    Func<SecretReference, CancellationToken, Task<BackendFailure?>> Check,
    Func<IEnumerable<SecretReference>, string?> Circle,
    Action<IReadOnlySet<string>> Forget,
    long KeptBytes,
    CallCounter Calls,
    TimeProvider Clock);
