namespace Opx.Daemon.Audit;

/// <param name="Directory">The data directory: the log lies among its files.</param>
/// <param name="RetentionDays">Days that are kept beside the current one; 0 keeps all.</param>
internal sealed record AuditOptions(string Directory, uint Owner, int RetentionDays);
