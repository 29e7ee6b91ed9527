using Opx.Protocol;

namespace Opx.Daemon.Options;

internal enum BackendKind
{
    OpCli,
    Vault,
    Bao,
    Multi,
    Fake,
}

/// <summary>What the daemon is configured to do, from the built-in values, <c>config.json</c>, the environment and the command line.</summary>
internal sealed record DaemonOptions
{
    public required OpxPaths Paths { get; init; }

    public BackendKind Backend { get; init; } = BackendKind.OpCli;

    /// <summary>How long a value is kept; zero keeps none. Never longer than the session's idle time.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long the session may be idle before it locks; zero never locks.</summary>
    public TimeSpan SessionIdleTimeout { get; init; } = TimeSpan.FromHours(8);

    public bool EnableSessionLock { get; init; } = true;

    /// <summary>Lock the session when a backend says that nobody is signed in.</summary>
    public bool LockOnAuthFailure { get; init; } = true;

    /// <summary>Lock the session when the desktop is locked and before the machine sleeps, where the system tells of it.</summary>
    public bool LockWithDesktop { get; init; }

    /// <summary>Keep values also in a sealed file, so that a restart of the daemon costs no prompt.</summary>
    public bool DiskCache { get; init; }

    /// <summary>How long after its time a value is still answered while it is read anew; zero for not at all.</summary>
    public TimeSpan StaleWhileRevalidate { get; init; }

    /// <summary>Record every decision and what else matters in the audit log.</summary>
    public bool EnableAuditLog { get; init; }

    /// <summary>Days of the audit log that are kept beside the current one; 0 keeps all.</summary>
    public int AuditLogRetentionDays { get; init; } = 30;

    public bool Verbose { get; init; }

    /// <summary>The 1Password CLI, where <c>config.json</c> names it.</summary>
    public string? OpPath { get; init; }

    /// <summary>The policy file, where it lies elsewhere than beside <c>config.json</c>.</summary>
    public string? PolicyPath { get; init; }

    /// <summary>Programs that ask for others as <c>opx</c> does, beside the one that was installed with the daemon.</summary>
    public IReadOnlyList<string> TrustedClients { get; init; } = [];

    public VaultOptions Vault { get; init; } = new();

    public VaultOptions Bao { get; init; } = new();

    /// <summary>The options of the command line, for a daemon that takes this one's place.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public string PolicyFile => PolicyPath ?? Paths.PolicyFile;

    public OpxLimits Limits { get; init; } = new();

    public TimeSpan EffectiveTimeToLive =>
        EnableSessionLock && SessionIdleTimeout > TimeSpan.Zero && SessionIdleTimeout < TimeToLive ? SessionIdleTimeout : TimeToLive;
}

/// <summary>The limits that <c>config.json</c> may move.</summary>
internal sealed record OpxLimits
{
    public int Connections { get; init; } = 2_048;

    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of values that the cache may hold.</summary>
    public long CacheBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>References that may reach backends, as a bucket: its size and what flows in per second.</summary>
    public int BackendReadsBurst { get; init; } = 20_000;

    public int BackendReadsPerSecond { get; init; } = 1_000;
}

/// <summary>A configuration that is not understood; the message names the culprit and where it stands.</summary>
internal sealed class OptionsException(string message) : Exception(message);
