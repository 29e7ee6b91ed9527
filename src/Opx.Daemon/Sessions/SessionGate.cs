using Opx.Daemon.Backends;
using Opx.Protocol;

namespace Opx.Daemon.Sessions;

/// <summary>
/// Who may pass a locked session: after a person's or the desktop's lock nobody, after any other whoever's backend says that it is signed in.
/// </summary>
/// <param name="pool">Where backends are asked: the thread pool, but for who wants to say what runs when.</param>
internal sealed class SessionGate(Session session, TaskScheduler? pool = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(ISecretBackend Backend, string? Account, long Locks), Task<BackendFailure?>> _asking = [];

    public LockReason? Locked => session.LockedBy;

    /// <summary>Asks the backend, without a prompt, and opens the session where it can. Null where the way is free, else why not.</summary>
    public async Task<Problem?> TryOpenAsync(ISecretBackend backend, string? account, CancellationToken cancellation)
    {
        if (session.LockedBy is not { } reason)
            return null;
        if (reason.Holds())
            return Refusal(reason);
        return await AskAsync(backend, account, reason).WaitAsync(cancellation) is { } failure
            ? Problem($"the session is locked and the backend is not signed in: {failure.Detail}")
            : null;
    }

    /// <summary>Is it signed in? Whoever wants to know of the same lock meanwhile waits for the same answer.</summary>
    private Task<BackendFailure?> AskAsync(ISecretBackend backend, string? account, LockReason reason)
    {
        var question = (backend, account, session.Locks);
        lock (_lock)
        {
            if (_asking.TryGetValue(question, out var asking))
                return asking;
            // Answered since the caller looked.
            if (session.LockedBy is null)
                return Task.FromResult<BackendFailure?>(null);
            asking = Task.Factory.StartNew(
                () => OpenAsync(backend, account, reason), CancellationToken.None, TaskCreationOptions.DenyChildAttach, pool ?? TaskScheduler.Default).Unwrap();
            _asking[question] = asking;
            _ = asking.ContinueWith(_ => Answered(question), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return asking;
        }
    }

    /// <summary>The session is open before the answer is known to be there: nobody finds neither. Not cancelled with one caller, the others wait on.</summary>
    private async Task<BackendFailure?> OpenAsync(ISecretBackend backend, string? account, LockReason reason)
    {
        var failure = await backend.CheckSignInAsync(account, CancellationToken.None);
        if (failure is null)
            session.UnlockAfter(reason);
        return failure;
    }

    private void Answered((ISecretBackend, string?, long) question)
    {
        lock (_lock)
            _asking.Remove(question);
    }

    /// <summary>What reads get that a lock comes upon.</summary>
    public static Problem Refusal(LockReason reason) => Problem(reason switch
    {
        LockReason.Idle => "the session was idle for too long and is locked: run 'opx unlock'",
        LockReason.Person => "the session was locked by hand: run 'opx unlock'",
        LockReason.Desktop => "the session was locked with the desktop: run 'opx unlock'",
        LockReason.Earlier => "the session was locked before the daemon started, by hand or with the desktop: run 'opx unlock'",
        LockReason.Stop => "the daemon is stopping: try again",
        _ => "the session is locked because the backend is not signed in: sign in, then run 'opx unlock'",
    });

    private static Problem Problem(string detail) => new(ErrorCode.SessionLocked, detail);
}
