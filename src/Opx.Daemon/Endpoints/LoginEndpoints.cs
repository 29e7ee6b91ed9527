using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Opx.Daemon.Audit;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Backends.Vault.Login;
using Opx.Daemon.Identity;
using Opx.Daemon.Secrets;
using Opx.Daemon.Sessions;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Endpoints;

/// <summary><c>/v1/login</c>, <c>/v1/login/oidc</c> and <c>/v1/logout</c>.</summary>
internal sealed class LoginEndpoints(
    VaultLogins logins, SecretReader reader, Session session, LockableWork work, IAuditLog audit, TimeProvider clock)
{
    public async Task LoginAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, LoginRequest.Parse, clock) is not { } request)
            return;
        using (request)
        {
            if (logins.Find(request.Backend, out var problem) is not { } vault
                || logins.References(vault, request, out problem) is not { } references)
            {
                await ProblemResponse.WriteAsync(context, problem!);
                return;
            }

            (var response, problem) = await TryAsync(context, vault, request, references);
            await RecordAsync(context, $"login to {vault.Name} by {request.Method}", problem?.Code.Name() ?? "signed in");
            if (response is null)
            {
                await ProblemResponse.WriteAsync(context, problem!);
                return;
            }

            // Somebody is signed in now; a lock for another reason is none of this login's business. That it is let in under a person's lock too is
            // so that this lock can be ended: an unlock wants a backend that is signed in.
            session.UnlockAfter(LockReason.Backend);
            await JsonResponse.WriteAsync(context, response.Write);
        }
    }

    public async Task OidcAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, OidcLoginRequest.Parse, clock) is not { } request)
            return;
        OidcLoginResponse? response = null;
        if (logins.Find(request.Backend, out var problem) is { } vault)
            (response, problem) = await logins.BeginAsync(vault, request, context.RequestAborted);
        if (response is null)
            await ProblemResponse.WriteAsync(context, problem!);
        else
            await JsonResponse.WriteAsync(context, response.Write);
    }

    public async Task LogoutAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, LogoutRequest.Parse, clock) is not { } request)
            return;
        if (logins.Find(request.Backend, out var problem) is not { } vault)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }

        var isRevoked = await logins.LogOutAsync(vault, context.RequestAborted);
        await RecordAsync(context, $"logout from {vault.Name}", isRevoked ? "revoked" : "forgotten");
        await JsonResponse.WriteAsync(context, new LogoutResponse(isRevoked).Write);
    }

    private async Task<(LoginResponse? Response, Problem? Problem)> TryAsync(
        HttpContext context, VaultBackend vault, LoginRequest request, IReadOnlyDictionary<string, SecretReference> references)
    {
        using var login = work.Begin(context.RequestAborted);
        // Looked at after the work has begun: either the lock sees it, or it sees the lock. Where unlocking wants this very login, it comes first.
        if (session.LockedBy is { } reason && reason.Holds() && !logins.OpensSession(vault))
            return (null, SessionGate.Refusal(reason));
        using var credentials = new Credentials();
        try
        {
            return await GatherAsync(context, request, references, credentials, login.Token) is { } problem
                ? (null, problem)
                : await logins.LogInAsync(vault, request, references, credentials, login.Token);
        }
        catch (OperationCanceledException) when (login.Lock is not null)
        {
            return (null, SessionGate.Refusal(login.Lock.Value));
        }
    }

    /// <summary>The credentials, those of references read for the caller as any other read of it: policy, session, audit.</summary>
    private async Task<Problem?> GatherAsync(
        HttpContext context,
        LoginRequest request,
        IReadOnlyDictionary<string, SecretReference> references,
        Credentials credentials,
        CancellationToken cancellation)
    {
        foreach (var (name, value) in request.Fields)
            credentials.Add(name, SecretValue.CopyOf(value));
        if (references.Count == 0)
            return null;
        var names = references.Keys.ToArray();
        var wanted = new ReadContext(context.Features.GetRequiredFeature<Peer>(), Account: null, Fresh: true) { RequestId = context.TraceIdentifier };
        var distinct = references.Values.DistinctBy(reference => reference.Text).ToArray();
        var outcomes = await reader.ReadAsync(distinct, wanted, cancellation);
        foreach (var name in names)
        {
            if (outcomes[Array.FindIndex(distinct, reference => reference.Text == references[name].Text)].Value is { } value)
                credentials.Add(name, SecretValue.CopyOf(value.Bytes));
        }

        var problem = outcomes.Select(outcome => outcome.Problem).FirstOrDefault(each => each is not null);
        foreach (var outcome in outcomes)
            outcome.Dispose();
        return problem;
    }

    private async Task RecordAsync(HttpContext context, string what, string outcome)
    {
        if (await Asker.OfAsync(context, audit) is { } asker)
            audit.Append(asker.Event(AuditEvents.Login) with { Reason = what, Outcome = outcome });
    }
}
