using System.Text;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault.Login;

/// <summary>What people do: log in, by references or by hand, and log out. A login that fails leaves the one that works.</summary>
internal sealed class VaultLogins(BackendRouter router, SingleFlight flights, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly OidcLogins _oidc = new(clock);

    /// <summary>The backend, or null with a problem where this daemon does not read from it.</summary>
    public VaultBackend? Find(string name, out Problem? problem)
    {
        var vault = router.Vaults.FirstOrDefault(each => each.Name == name);
        problem = vault is null ? new Problem(
            ErrorCode.BadRequest,
            $"this daemon reads '{router.Name}' only: start it with --backend multi") : null;
        return vault;
    }

    /// <summary>True for the one backend there is: nobody else can be signed in when a lock is to be taken back.</summary>
    public bool OpensSession(VaultBackend vault) => router.Name == vault.Name;

    /// <summary>The references of a login, checked, before anything of them is read; null with a problem.</summary>
    public IReadOnlyDictionary<string, SecretReference>? References(VaultBackend vault, LoginRequest request, out Problem? problem)
    {
        problem = null;
        var references = new Dictionary<string, SecretReference>();
        foreach (var (name, text) in request.Refs)
        {
            if (SecretReference.Parse(text, out var why) is not { } reference)
            {
                problem = new Problem(ErrorCode.UnsupportedRef, $"{name}: {why}", Printable.Text(text));
                return null;
            }

            references[name] = reference;
        }

        if (LoginCircle.Find(vault, references.Values, router) is not { } circle)
            return references;
        problem = new Problem(
            ErrorCode.BadRequest, $"this login would need what it unlocks ({circle}): take references of another backend");
        return null;
    }

    /// <param name="references">For the logins to come; empty where the credentials were typed.</param>
    public async Task<(LoginResponse? Response, Problem? Problem)> LogInAsync(
        VaultBackend vault,
        LoginRequest request,
        IReadOnlyDictionary<string, SecretReference> references,
        Credentials credentials,
        CancellationToken cancellation)
    {
        // Only what can be repeated without anybody: where one of several credentials was typed, the next login needs somebody.
        var isRepeatable = request.Fields.Count == 0 && !LoginMethods.IsOnceOnly(request.Method);
        var plan = new LoginPlan(request.Method, isRepeatable ? LoginOrigin.References : LoginOrigin.Typed)
        {
            Mount = LoginPlan.MountOf(request.Mount, request.Method),
            Role = request.Role,
            Refs = isRepeatable ? references : LoginPlan.Ambient.Refs,
            JwtFile = isRepeatable ? LoginPlan.FileFor(request.Method, null, isGiven: references.ContainsKey(LoginFields.Jwt)) : null,
        };
        var (address, name) = (request.Address, request.Namespace);
        OidcLogin? browser = null;
        if (request.Method == LoginMethods.Oidc)
        {
            browser = _oidc.Take(Encoding.UTF8.GetString(credentials[LoginFields.State]!.Bytes));
            if (browser is null)
                return (null, new Problem(
                    ErrorCode.BadRequest, "this login was not begun here, or its time is over: run 'opx login' again"));
            (plan, address, name) = (browser.Plan, browser.Address, browser.Namespace);
        }

        if (vault.Prepare(plan, address, name, out var failure) is not { } connection)
            return (null, Of(failure!));
        VaultToken? token = null;
        try
        {
            (token, failure) = await TryAsync(connection, credentials, browser, cancellation);
            if (token is null)
                return (null, Of(failure!));
            if (!vault.TryEnter(connection, token))
                throw new OperationCanceledException();
        }
        catch (OperationCanceledException)
        {
            token?.Dispose();
            token = null;
            throw;
        }
        finally
        {
            // With the process that has seen the credentials.
            if (token is null)
                connection.Dispose();
        }

        var life = token.Left;
        // Somebody else's values, perhaps another server's.
        flights.Forget(vault.Name);
        return (new LoginResponse(plan.Method, life is { } left ? (long)Math.Ceiling(left.TotalSeconds) : null, token.IsRenewable), null);
    }

    /// <summary>Begins a login in a browser.</summary>
    public async Task<(OidcLoginResponse? Response, Problem? Problem)> BeginAsync(
        VaultBackend vault, OidcLoginRequest request, CancellationToken cancellation)
    {
        var plan = new LoginPlan(LoginMethods.Oidc, LoginOrigin.Typed)
        {
            Mount = LoginPlan.MountOf(request.Mount, LoginMethods.Oidc),
            Role = request.Role,
        };
        if (vault.Prepare(plan, request.Address, request.Namespace, out var unprepared) is not { } connection)
            return (null, Of(unprepared!));
        using (connection)
        {
            var nonce = LoginCall.Nonce();
            using var limit = new CancellationTokenSource(Limit, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                var (url, failure) = await connection.Call.AuthUrlAsync(plan, request.RedirectUri, nonce, either.Token);
                if (url is null)
                    return (null, Of(failure!));
                if (StateOf(url) is not { } state)
                    return (null, new Problem(
                        ErrorCode.BackendError,
                        $"{vault.Title} answers with an address for the browser that opx does not open: only https, with a state in it"));
                _oidc.Add(state, new OidcLogin(plan, request.Address, request.Namespace, nonce, clock.GetTimestamp()));
                return (new OidcLoginResponse(url), null);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return (null, new Problem(ErrorCode.BackendTimeout, $"{vault.Title} did not answer within {Limit.TotalSeconds:0} seconds"));
            }
        }
    }

    /// <returns>True where the token was revoked.</returns>
    public async Task<bool> LogOutAsync(VaultBackend vault, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await vault.LogOutAsync(either.Token);
        }
        finally
        {
            flights.Forget(vault.Name);
        }
    }

    private async Task<LoginOutcome> TryAsync(VaultConnection connection, Credentials credentials, OidcLogin? browser, CancellationToken cancellation)
    {
        if (browser is null)
        {
            // Without fields and references there is a file, or a certificate: as for every login to come.
            return credentials.IsEmpty
                ? await connection.Sources.LogInAsync(cancellation)
                : await connection.Sources.LogInAsync(credentials, connection.Plan.GivesToken, cancellation);
        }

        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await connection.Call.OidcAsync(browser.Plan, credentials, browser.ClientNonce, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return LoginOutcome.Of(new BackendFailure(
                ErrorCode.BackendTimeout, $"the server did not answer the login within {Limit.TotalSeconds:0} seconds"));
        }
    }

    // The browser opens what the server names. A file or a program is no place to log in.
    private static string? StateOf(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
            return null;
        foreach (var pair in uri.Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith("state=", StringComparison.Ordinal) && Uri.UnescapeDataString(pair["state=".Length..]) is { Length: > 0 } state)
                return state;
        }

        return null;
    }

    private static Problem Of(BackendFailure failure) => new(failure.Code, failure.Detail, RetryAfter: failure.RetryAfter);
}
