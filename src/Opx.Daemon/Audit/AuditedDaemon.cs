using Opx.Daemon.Access;
using Opx.Daemon.Identity;
using Opx.Daemon.Options;
using Opx.Daemon.Sessions;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>The audit log of a daemon's life: opened, if it is on, with a record of the start, and closed with one of the stop.</summary>
internal sealed class AuditedDaemon : IDisposable
{
    private readonly AuditLog? _log;

    public AuditedDaemon(DaemonOptions options, uint owner, TimeProvider clock, TextWriter messages)
    {
        if (options.EnableAuditLog)
            _log = new AuditLog(new AuditOptions(options.Paths.DataDirectory, owner, options.AuditLogRetentionDays), clock, messages);
        Log = _log is null ? new NoAuditLog() : _log;
        _log?.Start(Event("start") with { Outcome = $"opx-authd {DaemonVersion.Text}, process {Environment.ProcessId}" });
    }

    public IAuditLog Log { get; }

    /// <summary>What a record says of a caller, and so has to be known of each.</summary>
    public IdentityNeeds Needs => Log.IsOn ? IdentityNeeds.Program | IdentityNeeds.Script : IdentityNeeds.None;

    public void Follow(Session session)
    {
        session.Locked += reason => Log.Append(new AuditEvent(AuditEvents.Session)
        {
            Reason = reason switch
            {
                LockReason.Idle => "nobody read anything for the idle time",
                LockReason.Person => "somebody asked for it",
                _ => "the backend is not signed in",
            },
            Outcome = "locked",
        });
        session.Unlocked += () => Log.Append(new AuditEvent(AuditEvents.Session) { Reason = "the backend is signed in", Outcome = "unlocked" });
    }

    public void Follow(PolicyInForce policy)
    {
        if (policy.Last.Exists)
            Log.Append(Event("loaded", policy.Last));
        policy.Changed += state => Log.Append(Event(state.Exists ? "changed" : "removed", state));

        AuditEvent Event(string what, PolicyState state) => new(AuditEvents.Policy)
        {
            PolicyPath = policy.File,
            Reason = what,
            Outcome = state.Fault is { } fault ? $"invalid: {fault}" : state.Exists ? $"{state.RuleCount} rules" : "everything of this user is allowed",
        };
    }

    public void Dispose()
    {
        Log.Append(Event("stop"));
        _log?.Dispose();
    }

    private static AuditEvent Event(string reason) => new(AuditEvents.Daemon) { Reason = reason };
}
