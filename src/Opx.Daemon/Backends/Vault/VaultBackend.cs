using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Backends.Vault.Login;
using Opx.Daemon.Sessions;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>HashiCorp Vault, or OpenBao: each path once, a login that repeats itself where it can, and nothing kept over a lock.</summary>
/// <remarks>Reading order: exchange (HTTP, in a process of its own) → client → mounts → paths → leases → login.</remarks>
internal sealed class VaultBackend : ISecretBackend, IDisposable
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly VaultSettings _settings;
    private readonly Func<ServerTrust, IVaultExchange> _newExchange;
    private readonly TimeProvider _clock;
    private readonly CallCounter _counter;
    private Task _leaving = Task.CompletedTask;
    private VaultWorld? _world;
    private VaultConnection? _connection;
    private Home? _home;
    private long _locks;
    private readonly BackendFailure _notConfigured;

    public VaultBackend(VaultSettings settings, Func<ServerTrust, IVaultExchange> newExchange, TimeProvider clock)
    {
        (_settings, _newExchange, _clock) = (settings, newExchange, clock);
        _counter = new CallCounter(clock);
        _notConfigured = NotConfigured("");
        if (settings.Server(null, null, out var why) is { } server)
            _home = new Home(server, settings.Auth is { } auth ? LoginPlan.From(auth) : LoginPlan.Ambient);
        else
            _notConfigured = NotConfigured(why);
    }

    public string Name => _settings.Name;

    public string Title => _settings.Title;

    /// <summary>What comes while these are under way leaves together; a path that hangs holds up only its own batch.</summary>
    public int ConcurrentBatches => 4;

    /// <summary>What the login that repeats itself reads, to be looked at for circles.</summary>
    public IReadOnlyCollection<SecretReference> LoginReferences
    {
        get
        {
            lock (_lock)
                return [.. _connection?.Plan.Refs.Values ?? []];
        }
    }

    /// <summary>Before the first read: what the backend lives among.</summary>
    public void Attach(Func<CallCounter, VaultWorld> world)
    {
        lock (_lock)
        {
            _world = world(_counter);
            _connection = _home is { } home ? Connect(home) : null;
        }
    }

    public async Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation)
    {
        if (Current is not { } connection)
            return [.. batch.References.Select(_ => BackendOutcome.Of(_notConfigured))];
        return await new VaultBatch(connection, Title, _clock).ReadAsync(batch, cancellation);
    }

    public async Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation)
    {
        if (Current is not { } connection)
            return _notConfigured;
        using var timer = new CancellationTokenSource(CheckLimit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            if (connection.Tokens.Current is { } token)
                return await LookUpAsync(connection, token, either.Token);
            // What lies in the environment or a file can be tried without anybody's being asked; references could ask.
            return connection.Plan.Origin == LoginOrigin.Ambient
                ? (await connection.Tokens.GetAsync(either.Token)).Failure
                : await connection.Sources.CheckAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new BackendFailure(
                ErrorCode.BackendTimeout,
                $"{Title} at {connection.Server.Address} did not answer within {CheckLimit.TotalSeconds:0} seconds");
        }
    }

    public BackendStatus Status()
    {
        if (Current is not { } connection)
        {
            // Before it is attached, for 'opx-authd --check': what the configuration says is all there is.
            return _home is { Server: var server }
                ? _counter.Status(Name, "ready", detail: null) with { Address = server.Address.Text, Namespace = server.Namespace }
                : _counter.Status(Name, "not_configured", _notConfigured.Detail);
        }

        var token = connection.Tokens.Current;
        var failure = token is null ? connection.Tokens.Failure : null;
        return _counter.Status(Name, "ready", detail: null) with
        {
            Address = connection.Server.Address.Text,
            Namespace = connection.Server.Namespace,
            Login = new LoginStatus(
                connection.Plan.Method,
                connection.From,
                token is not null ? "signed_in" : failure is not null ? "failing" : "signed_out",
                token?.Left is { } left ? (long)left.TotalSeconds : null,
                token?.IsRenewable,
                failure?.Detail),
        };
    }

    /// <summary>Another server, or the same one, and another login there; nothing changes before <see cref="TryEnter"/>.</summary>
    public VaultConnection? Prepare(LoginPlan plan, string? address, string? name, out BackendFailure? failure)
    {
        failure = null;
        lock (_lock)
        {
            var server = _settings.Server(address ?? _home?.Server.Address.Text, name ?? _home?.Server.Namespace, out var why);
            // What the caller said is the caller's to say otherwise.
            failure = server is not null ? null
                : address is null && name is null ? NotConfigured(why)
                : new BackendFailure(ErrorCode.BadRequest, why);
            return server is null ? null : Connect(new Home(server, plan));
        }
    }

    /// <summary>The login has worked: from now on reads go this way, and what the old one brought is gone.</summary>
    /// <returns>False where a lock came while it was under way: then nothing has changed, and the token is the caller's.</returns>
    public bool TryEnter(VaultConnection connection, VaultToken token)
    {
        VaultConnection? old;
        lock (_lock)
        {
            if (connection.Prepared != _locks)
                return false;
            connection.Tokens.Adopt(token);
            (old, _connection) = (_connection, connection);
            // What was typed does not come back after a lock; what was there before does.
            if (connection.Plan.Origin == LoginOrigin.References || _home is null)
                _home = new Home(connection.Server, connection.Plan.Origin == LoginOrigin.Typed ? LoginPlan.Ambient : connection.Plan);
        }

        _ = LeaveAsync(old, LeaveLimit);
        return true;
    }

    /// <summary>
    /// Revokes the token, unless it is somebody else's, and forgets it. A login by references, which stay, repeats itself at the next read.
    /// </summary>
    /// <returns>True where the server has revoked it.</returns>
    public async Task<bool> LogOutAsync(CancellationToken cancellation)
    {
        VaultConnection? old;
        lock (_lock)
        {
            old = _connection;
            if (old is null)
                return false;
            _connection = Connect(_home!);
        }

        var token = old.Tokens.Current;
        var isRevoked = token is { IsOurs: true } && await RevokeAsync(old, token, cancellation);
        // Its leases have gone with it.
        if (isRevoked)
            old.Leases.TakeAll();
        _ = LeaveAsync(old, LeaveLimit);
        return isRevoked;
    }

    /// <summary>
    /// Nothing secret is left when this returns, here or in a worker, but for the token while it gives leases back. A login by references
    /// repeats itself at the next read, one that was typed does not.
    /// </summary>
    public void Lock(LockReason reason)
    {
        VaultConnection? left = null, stays;
        lock (_lock)
        {
            stays = _connection;
            _locks += reason == LockReason.Backend ? 0 : 1;
            // Some backend has nobody signed in. That says nothing of this one's token, unless it was refused, and what was typed would have to be
            // typed again.
            if (stays?.Plan.Origin == LoginOrigin.Typed && (reason != LockReason.Backend || stays.Tokens.Current is null) && _home is { } home)
                (left, stays, _connection) = (stays, null, Connect(home));
        }

        var stayed = (reason == LockReason.Backend ? stays?.LetGoAsync(LeaveLimit) : stays?.LeaveAsync(LeaveLimit)) ?? Task.CompletedTask;
        _leaving = Task.WhenAll(stayed, LeaveAsync(left, LeaveLimit));
    }

    /// <summary>Done when the last lock's leases have been given back, or their time was over, and the token is gone with them.</summary>
    public Task Leaving => _leaving;

    /// <summary>
    /// Leases of these paths (of all, where null) are given back, and the process that holds what was read ends as soon as it is done.
    /// </summary>
    public void Invalidate(IReadOnlySet<VaultPath>? paths)
    {
        var current = Current;
        current?.Leases.Drop(paths);
        current?.Retire();
    }

    /// <summary>Gives back what is leased, as far as that can be done in a short time.</summary>
    public async Task StopAsync()
    {
        // The daemon's end is a lock as well, and that began to give back already.
        var current = Current;
        var all = Task.WhenAll(_leaving, current?.LeaveAsync(StopLimit) ?? Task.CompletedTask, current?.Leases.Outstanding() ?? Task.CompletedTask);
        await all.WaitAsync(StopLimit, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => Current?.Dispose();

    private VaultConnection? Current
    {
        get
        {
            lock (_lock)
                return _connection;
        }
    }

    private VaultConnection Connect(Home home) =>
        _world is { } world
            ? new VaultConnection(home.Server, home.Plan, _settings, _newExchange(home.Server.Trust), world) { Prepared = _locks }
            : throw new InvalidOperationException("the backend is not attached");

    private static Task LeaveAsync(VaultConnection? connection, TimeSpan limit)
    {
        // Token and worker go at once; only leases are waited for.
        var left = connection?.LeaveAsync(limit) ?? Task.CompletedTask;
        connection?.Tokens.Dispose();
        return left.ContinueWith(_ => connection?.Dispose(), TaskScheduler.Default);
    }

    private static async Task<BackendFailure?> LookUpAsync(VaultConnection connection, VaultToken token, CancellationToken cancellation)
    {
        if (!token.Value.TryHold())
            return new BackendFailure(ErrorCode.SignInRequired, "the token has just been dropped: ask again");
        using (token.Value)
        using (var credentials = new Credentials().Add(LoginFields.Token, token.Value))
        {
            token.Value.TryHold();
            var outcome = await connection.Call.RunAsync(LoginPlan.Ambient, credentials, isOurs: false, cancellation);
            outcome.Token?.Dispose();
            return outcome.Failure;
        }
    }

    private static async Task<bool> RevokeAsync(VaultConnection connection, VaultToken token, CancellationToken cancellation)
    {
        if (!token.Value.TryHold())
            return false;
        using var held = token.Value;
        using var body = new JsonBody();
        var reply = await connection.Client.SendAsync(new VaultCall("POST", "auth/token/revoke-self") { Token = held, Body = body }, cancellation);
        using var answer = reply.Answer;
        return answer is { Status: 200 or 204 };
    }

    private BackendFailure NotConfigured(string why) => new(ErrorCode.BackendUnavailable, $"{Title} is not configured: {why}");

    private sealed record Home(VaultServer Server, LoginPlan Plan);
}
