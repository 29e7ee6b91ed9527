using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault.Login;

/// <summary>Gets together what a plan's login needs, and logs in with it.</summary>
internal sealed class CredentialSources(LoginPlan plan, VaultSettings settings, LoginCall call, VaultWorld world)
{
    // Where a person may be asked for a finger.
    private static readonly TimeSpan AttendedLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan ServerLimit = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private SecretValue? _unwrapped;
    private volatile string _ambient = "environment";

    /// <summary>For the status.</summary>
    public string From => plan.Origin switch
    {
        LoginOrigin.References => "references",
        LoginOrigin.Typed => "typed",
        _ => _ambient,
    };

    /// <summary>One login by the plan. Throws only when cancelled.</summary>
    public async Task<LoginOutcome> LogInAsync(CancellationToken cancellation)
    {
        var (credentials, failure) = await GatherAsync(cancellation);
        using (credentials)
        {
            return credentials is null
                ? LoginOutcome.Of(failure!)
                : await LogInAsync(credentials, plan.GivesToken, cancellation);
        }
    }

    /// <summary>One login with credentials that are there already.</summary>
    public async Task<LoginOutcome> LogInAsync(Credentials credentials, bool isOurs, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(ServerLimit, world.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            if (plan.Method == LoginMethods.AppRole && credentials[LoginFields.WrappedSecretId] is { } wrapped
                && await UnwrapAsync(wrapped, credentials, either.Token) is { } failure)
                return LoginOutcome.Of(failure);
            return await call.RunAsync(plan, credentials, isOurs, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return LoginOutcome.Of(new BackendFailure(
                ErrorCode.BackendTimeout, $"{settings.Title} did not answer the login within {ServerLimit.TotalSeconds:0} seconds"));
        }
    }

    /// <summary>Could a login be made now, without anybody's being asked? Null for yes.</summary>
    public async Task<BackendFailure?> CheckAsync(CancellationToken cancellation)
    {
        if (plan.Origin == LoginOrigin.Typed)
            return SignedOut();
        foreach (var reference in plan.Refs.Values)
        {
            if (await world.Check(reference, cancellation) is { } failure)
                return failure;
        }

        return null;
    }

    /// <summary>A lock.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _unwrapped?.Dispose();
            _unwrapped = null;
        }
    }

    private async Task<(Credentials? Credentials, BackendFailure? Failure)> GatherAsync(CancellationToken cancellation) => plan.Origin switch
    {
        LoginOrigin.Typed => (null, SignedOut()),
        LoginOrigin.Ambient => Ambient(),
        _ => await ReferencedAsync(cancellation),
    };

    private (Credentials?, BackendFailure?) Ambient()
    {
        var token = settings.EnvironmentToken();
        _ambient = token is null ? "token_file" : "environment";
        token ??= settings.FileToken();
        return token is null ? (null, SignedOut()) : (new Credentials().Add(LoginFields.Token, token), null);
    }

    private async Task<(Credentials?, BackendFailure?)> ReferencedAsync(CancellationToken cancellation)
    {
        if (world.Circle(plan.Refs.Values) is { } circle)
            return (null, new BackendFailure(
                ErrorCode.BackendError,
                $"the login to {settings.Title} needs what it unlocks ({circle}): change its references in config.json"));
        var credentials = new Credentials();
        if (plan.JwtFile is { } path)
        {
            using var bytes = CredentialFile.TryRead(path, Limits.CredentialBytes);
            if (bytes is null || bytes.Bytes.Trim(" \t\r\n"u8).IsEmpty)
                return (null, new BackendFailure(
                    ErrorCode.SignInRequired,
                    $"the login by {plan.Method} reads its token from {Printable.Text(path)}, which is not there or empty"));
            credentials.Add(LoginFields.Jwt, SecretValue.CopyOf(bytes.Bytes.Trim(" \t\r\n"u8)));
        }

        var names = plan.Refs.Keys.ToArray();
        using var limit = new CancellationTokenSource(AttendedLimit, world.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        ReadOutcome[] outcomes;
        try
        {
            outcomes = names.Length == 0 ? [] : await world.ReadOwn([.. names.Select(name => plan.Refs[name])], either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            credentials.Dispose();
            return (null, new BackendFailure(
                ErrorCode.BackendTimeout,
                $"the references of the login to {settings.Title} were not read within {AttendedLimit.TotalSeconds:0} seconds"));
        }

        Problem? problem = null;
        for (var i = 0; i < names.Length; i++)
        {
            if (outcomes[i].Value is { } value)
                credentials.Add(names[i], value);
            else
                problem ??= outcomes[i].Problem;
        }

        if (problem is null)
            return (credentials, null);
        credentials.Dispose();
        return (null, NotRead(problem));
    }

    private BackendFailure NotRead(Problem problem)
    {
        // What the login lacks is not what the caller asked for: `not_found` and `access_denied` would say the wrong thing of its own
        // reference.
        var code = problem.Code is ErrorCode.NotFound or ErrorCode.Ambiguous or ErrorCode.AccessDenied or ErrorCode.UnsupportedRef
            ? ErrorCode.SignInRequired
            : problem.Code;
        var reference = Printable.Text(problem.Reference ?? "a reference", 128);
        return new BackendFailure(code, $"the login to {settings.Title} reads {reference}: {problem.Detail}", problem.RetryAfter);
    }

    private async Task<BackendFailure?> UnwrapAsync(SecretValue wrapped, Credentials credentials, CancellationToken cancellation)
    {
        lock (_lock)
        {
            // It can be unwrapped once; what came of it serves the logins until a lock.
            if (_unwrapped is not null && _unwrapped.TryHold())
            {
                credentials.Add(LoginFields.SecretId, _unwrapped);
                return null;
            }
        }

        var (secretId, failure) = await call.UnwrapAsync(wrapped, cancellation);
        if (secretId is null)
            return failure;
        credentials.Add(LoginFields.SecretId, secretId);
        lock (_lock)
        {
            if (plan.Origin == LoginOrigin.References && secretId.TryHold())
                _unwrapped = secretId;
        }

        return null;
    }

    private BackendFailure SignedOut() => new(
        ErrorCode.SignInRequired, $"{settings.Title} is not signed in: run 'opx login {settings.Name}'");
}
