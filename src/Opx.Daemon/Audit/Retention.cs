using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>Which days are over for good: by the date in the name, because a file's own times change with whoever copies it.</summary>
internal static class Retention
{
    /// <param name="current">The day that is being written; never due.</param>
    public static List<DateOnly> Due(AuditOptions options, DateOnly current, TimeProvider clock)
    {
        if (options.RetentionDays == 0)
            return [];
        var oldest = LocalDay.Of(clock.GetUtcNow(), clock.LocalTimeZone).AddDays(-options.RetentionDays);
        return AuditFiles.Days(options.Directory).FindAll(day => day < oldest && day != current);
    }
}
