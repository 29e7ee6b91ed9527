using Opx.Daemon.Backends;
using Opx.Protocol;

namespace Opx.Daemon.Sessions;

/// <summary>Who may pass a locked session: after a person's or the desktop's lock nobody, after any other whoever's backend says that it is signed in.</summary>
internal sealed class SessionGate(Session session)
{
    public LockReason? Locked => session.LockedBy;

    /// <summary>Asks the backend, without a prompt, and opens the session where it can. Null where the way is free, else why not.</summary>
    public async Task<Problem?> TryOpenAsync(ISecretBackend backend, string? account, CancellationToken cancellation)
    {
        if (session.LockedBy is not { } reason)
            return null;
        if (reason.Holds())
            return Refusal(reason);
        if (await backend.CheckSignInAsync(account, cancellation) is { } failure)
            return Problem($"the session is locked and the backend is not signed in: {failure.Detail}");
        session.UnlockAfter(reason);
        return null;
    }

    /// <summary>What reads get that a lock comes upon.</summary>
    public static Problem Refusal(LockReason reason) => Problem(reason switch
    {
        LockReason.Idle => "the session was idle for too long and is locked: run 'opx unlock'",
        LockReason.Person => "the session was locked by hand: run 'opx unlock'",
        LockReason.Desktop => "the session was locked with the desktop: run 'opx unlock'",
        LockReason.Stop => "the daemon is stopping: try again",
        _ => "the session is locked because the backend is not signed in: sign in, then run 'opx unlock'",
    });

    private static Problem Problem(string detail) => new(ErrorCode.SessionLocked, detail);
}
