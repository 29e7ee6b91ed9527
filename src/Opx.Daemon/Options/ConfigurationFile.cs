using System.Text.Json;
using Opx.Protocol;

namespace Opx.Daemon.Options;

/// <summary>
/// <c>config.json</c>, read strictly: a member that is unknown, appears twice or has the wrong type names itself and the file, because a
/// daemon that half understands its configuration protects nobody.
/// </summary>
internal static class ConfigurationFile
{
    /// <summary>The options with what the file says laid over them.</summary>
    /// <exception cref="OptionsException">The file is not understood.</exception>
    public static DaemonOptions Apply(ReadOnlySpan<byte> content, string path, DaemonOptions options)
    {
        try
        {
            var reader = new ConfigurationReader(content, path);
            while (reader.NextMember() is { } member)
                options = Apply(ref reader, member, options);
            reader.End();
            return options;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            var line = error is JsonException { LineNumber: { } number } ? $", line {number + 1}" : "";
            throw new OptionsException($"{Printable.Text(path)}{line}: not valid JSON");
        }
    }

    private static DaemonOptions Apply(ref ConfigurationReader reader, string member, DaemonOptions options) => member switch
    {
        "backend" => options with { Backend = OptionValues.Backend(reader.String(), reader.Culprit) },
        "ttl" => options with { TimeToLive = reader.Duration(TimeSpan.FromSeconds(1)) },
        "session_timeout" or "session_idle_timeout" => options with { SessionIdleTimeout = reader.Duration(TimeSpan.FromHours(1)) },
        "enable_session_lock" => options with { EnableSessionLock = reader.Boolean() },
        "lock_on_auth_failure" => options with { LockOnAuthFailure = reader.Boolean() },
        "lock_with_desktop" => options with { LockWithDesktop = reader.Boolean() },
        "disk_cache" => options with { DiskCache = reader.Boolean() },
        "stale_while_revalidate" => options with { StaleWhileRevalidate = reader.Duration(TimeSpan.FromSeconds(1)) },
        "enable_audit_log" => options with { EnableAuditLog = reader.Boolean() },
        "audit_log_retention_days" => options with { AuditLogRetentionDays = (int)reader.Number(0, OptionValues.MostDays) },
        "verbose" => options with { Verbose = reader.Boolean() },
        "sock" => options with { Paths = options.Paths with { SocketPath = reader.AbsolutePath(), SocketIsMoved = true } },
        "executable_paths" => ApplyExecutables(ref reader, options),
        "policy" => options with { PolicyPath = reader.AbsolutePath() },
        "trusted_clients" => options with { TrustedClients = reader.AbsolutePaths() },
        "limits" => ApplyLimits(ref reader, options),
        "vault" => options with { Vault = VaultConfiguration.Read(ref reader) },
        "bao" => options with { Bao = VaultConfiguration.Read(ref reader) },
        // Written by the Go version, which looked at the idle time at intervals; ours is exact.
        "check_interval" => Ignore(reader.Duration(TimeSpan.FromSeconds(1)), options),
        _ => throw reader.Unknown(member),
    };

    private static DaemonOptions ApplyExecutables(ref ConfigurationReader reader, DaemonOptions options)
    {
        reader.BeginObject();
        while (reader.NextMember() is { } member)
        {
            options = member switch
            {
                "op" => options with { OpPath = reader.AbsolutePath() },
                // The Go version could run these programs; we speak HTTP.
                "vault" or "bao" => Ignore(reader.AbsolutePath(), options),
                _ => throw reader.Unknown(member),
            };
        }

        return options;
    }

    private static DaemonOptions ApplyLimits(ref ConfigurationReader reader, DaemonOptions options)
    {
        var limits = options.Limits;
        reader.BeginObject();
        while (reader.NextMember() is { } member)
        {
            limits = member switch
            {
                "connections" => limits with { Connections = (int)reader.Number(16, 65_536) },
                "headers_timeout" => limits with { HeadersTimeout = reader.Duration(TimeSpan.FromSeconds(1)) },
                "idle_timeout" => limits with { IdleTimeout = reader.Duration(TimeSpan.FromSeconds(1)) },
                "cache_bytes" => limits with { CacheBytes = reader.Number(0, 1L << 32) },
                "backend_reads_burst" => limits with { BackendReadsBurst = (int)reader.Number(1, 1_000_000) },
                "backend_reads_per_second" => limits with { BackendReadsPerSecond = (int)reader.Number(1, 1_000_000) },
                _ => throw reader.Unknown(member),
            };
        }

        return options with { Limits = limits };
    }

    private static DaemonOptions Ignore<T>(T checkedValue, DaemonOptions options)
    {
        _ = checkedValue;
        return options;
    }
}
