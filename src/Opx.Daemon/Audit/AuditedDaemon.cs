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

    private AuditedDaemon(AuditLog? log)
    {
        _log = log;
        Log = log is null ? new NoAuditLog() : log;
        log?.Start(Event("start") with { Outcome = $"opx-authd {DaemonVersion.Text}, process {Environment.ProcessId}" });
    }

    public static async Task<AuditedDaemon> BeginAsync(DaemonOptions options, uint owner, TimeProvider clock, TextWriter messages)
    {
        if (!options.EnableAuditLog)
            return new AuditedDaemon(null);
        var log = new AuditOptions(options.Paths.DataDirectory, owner, options.AuditLogRetentionDays);
        return new AuditedDaemon(new AuditLog(log, await LogLock.TakeAsync(log.Directory, clock), clock, messages));
    }

    public IAuditLog Log { get; }

    /// <summary>What has to be known about a caller for the log's sake.</summary>
    public IdentityNeeds Needs => Log.IsOn ? PeerRecord.Needs : IdentityNeeds.None;

    public void Follow(PolicyInForce policy)
    {
        if (policy.Last.Exists)
            Log.Append(Event(policy.Last, "loaded"));
        policy.Changed += state => Log.Append(Event(state, "changed"));

        AuditEvent Event(PolicyState state, string outcome) => new(AuditEvents.Policy)
        {
            Reason = state.Fault?.ToString() ?? (state.Exists ? Rules(state.RuleCount) : "there is no policy file"),
            PolicyPath = policy.File,
            Outcome = state.Fault is null ? outcome : "invalid",
        };
    }

    public void Follow(Session session) => session.Changed += change => Log.Append(
        (change.By?.Event(AuditEvents.Session) ?? new AuditEvent(AuditEvents.Session)) with
        {
            Reason = change.Lock switch
            {
                LockReason.Idle => "nobody read anything for the idle time",
                LockReason.Person => "somebody asked for it",
                LockReason.Desktop => "the desktop was locked or the machine goes to sleep",
                LockReason.Earlier => "somebody asked for it before the daemon started",
                LockReason.Stop => "the daemon stops",
                LockReason.Backend => "the backend is not signed in",
                _ => change.By is null ? "the backend is signed in" : "somebody asked for it and the backend is signed in",
            },
            Outcome = change.Lock is null ? "unlocked" : "locked",
        });

    public void Dispose()
    {
        Log.Append(Event("stop"));
        _log?.Dispose();
    }

    private static string Rules(int count) => count == 1 ? "1 rule" : $"{count} rules";

    private static AuditEvent Event(string reason) => new(AuditEvents.Daemon) { Reason = reason };
}
