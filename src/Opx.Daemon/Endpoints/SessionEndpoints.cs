using Microsoft.AspNetCore.Http;
using Opx.Daemon.Audit;
using Opx.Daemon.Backends;
using Opx.Daemon.Listening;
using Opx.Daemon.Secrets.OnDisk;
using Opx.Daemon.Sessions;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary><c>/v1/session/lock</c> and <c>/v1/session/unlock</c>.</summary>
internal sealed class SessionEndpoints(
    Session session,
    StandingLock standing,
    DiskCache? disk,
    BackendRouter router,
    ConnectionTable connections,
    LockableWork work,
    IAuditLog audit,
    TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task LockAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, EmptyRequest.Parse, clock) is null)
            return;
        session.Lock(LockReason.Person, await Asker.OfAsync(context, audit));
        // Who asked for the lock is told of it when nothing is left: also not in an answer that
        // somebody else does not fetch, in a login that was under way, or for the sake of leases that are given back.
        var left = Task.WhenAll([connections.CutOffValues(), work.Ended(), .. router.Vaults.Select(vault => vault.Leaving)]);
        await left.WaitAsync(Patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        string[] faults = [.. new[] { await standing.WrittenAsync(), disk?.Fault }.OfType<string>()];
        await AnswerAsync(context, success: true, faults.Length > 0 ? string.Join("; ", faults) : null);
    }

    /// <summary>Opens the session where somebody is signed in to a backend.</summary>
    public async Task UnlockAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, EmptyRequest.Parse, clock) is null)
            return;
        var asker = await Asker.OfAsync(context, audit);
        var locks = session.Locks;
        var refusal = (await router.CheckSignInAsync(context.RequestAborted))?.Detail;
        // A lock that came while the backend was asked is somebody's wish of now, and this one is older.
        if (refusal is null && !session.TryUnlock(locks, asker))
            refusal = "the session was locked again meanwhile: run 'opx unlock' once more";
        await AnswerAsync(context, success: refusal is null, refusal ?? await standing.WrittenAsync());
    }

    private Task AnswerAsync(HttpContext context, bool success, string? message) =>
        JsonResponse.WriteAsync(context, new SessionResponse(success, session.State.Name(), message).Write);
}
