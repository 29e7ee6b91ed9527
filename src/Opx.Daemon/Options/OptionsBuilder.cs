using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Options;

/// <summary>What the command line says; null where it says nothing.</summary>
internal sealed record CommandLineOptions
{
    public string? Backend { get; init; }
    public string? Ttl { get; init; }
    public string? Sock { get; init; }
    public string? SessionTimeout { get; init; }
    public string? EnableSessionLock { get; init; }
    public string? LockOnAuthFailure { get; init; }
    public string? LockWithDesktop { get; init; }
    public string? DiskCache { get; init; }
    public string? StaleWhileRevalidate { get; init; }
    public string? EnableAuditLog { get; init; }
    public string? AuditLogRetentionDays { get; init; }
    public string? Config { get; init; }
    public string? Policy { get; init; }
    public bool Verbose { get; init; }

    /// <summary>What was given, for a daemon that takes this one's place.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}

/// <summary>Lays the sources over each other: built-in, <c>config.json</c>, environment, command line.</summary>
internal static class OptionsBuilder
{
    /// <exception cref="OptionsException">A value is not understood.</exception>
    /// <exception cref="OpxPathException">A path cannot be used.</exception>
    public static DaemonOptions Build(CommandLineOptions line, Func<string, string?> environment, uint owner)
    {
        var paths = OpxPaths.From(environment, line.Sock);
        var options = new DaemonOptions { Paths = paths };
        options = FromFile(options, line.Config, owner);
        if (paths.SocketIsMoved)
            options = options with { Paths = paths };
        options = FromEnvironment(options, environment);
        return FromCommandLine(options, line) with { Arguments = line.Words };
    }

    private static DaemonOptions FromFile(DaemonOptions options, string? named, uint owner)
    {
        if (named is not null)
        {
            var bytes = PrivateFile.Read(OptionValues.Path(named, "--config"), owner) ?? throw new OptionsException($"--config: {Printable.Text(named)} does not exist");
            return ConfigurationFile.Apply(bytes, named, options);
        }

        return PrivateDirectory.Check(options.Paths.ConfigDirectory, owner) && PrivateFile.Read(options.Paths.ConfigFile, owner) is { } content
            ? ConfigurationFile.Apply(content, options.Paths.ConfigFile, options)
            : options;
    }

    private static DaemonOptions FromEnvironment(DaemonOptions options, Func<string, string?> environment)
    {
        if (Value(EnvironmentNames.Backend) is { } backend)
            options = options with { Backend = OptionValues.Backend(backend, EnvironmentNames.Backend) };
        if (Value(EnvironmentNames.SessionTimeout) is { } timeout)
            options = options with { SessionIdleTimeout = OptionValues.Duration(timeout, TimeSpan.FromHours(1), EnvironmentNames.SessionTimeout) };
        if (Value(EnvironmentNames.EnableSessionLock) is { } enable)
            options = options with { EnableSessionLock = OptionValues.Boolean(enable, EnvironmentNames.EnableSessionLock) };
        return options;

        string? Value(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }

    private static DaemonOptions FromCommandLine(DaemonOptions options, CommandLineOptions line)
    {
        if (line.Backend is not null)
            options = options with { Backend = OptionValues.Backend(line.Backend, "--backend") };
        if (line.Ttl is not null)
            options = options with { TimeToLive = OptionValues.Duration(line.Ttl, TimeSpan.FromSeconds(1), "--ttl") };
        if (line.SessionTimeout is not null)
            options = options with { SessionIdleTimeout = OptionValues.Duration(line.SessionTimeout, TimeSpan.FromHours(1), "--session-timeout") };
        if (line.EnableSessionLock is not null)
            options = options with { EnableSessionLock = OptionValues.Boolean(line.EnableSessionLock, "--enable-session-lock") };
        if (line.LockOnAuthFailure is not null)
            options = options with { LockOnAuthFailure = OptionValues.Boolean(line.LockOnAuthFailure, "--lock-on-auth-failure") };
        if (line.LockWithDesktop is not null)
            options = options with { LockWithDesktop = OptionValues.Boolean(line.LockWithDesktop, "--lock-with-desktop") };
        if (line.DiskCache is not null)
            options = options with { DiskCache = OptionValues.Boolean(line.DiskCache, "--disk-cache") };
        if (line.StaleWhileRevalidate is not null)
            options = options with { StaleWhileRevalidate = OptionValues.Duration(line.StaleWhileRevalidate, TimeSpan.FromSeconds(1), "--stale-while-revalidate") };
        if (line.EnableAuditLog is not null)
            options = options with { EnableAuditLog = OptionValues.Boolean(line.EnableAuditLog, "--enable-audit-log") };
        if (line.AuditLogRetentionDays is not null)
            options = options with { AuditLogRetentionDays = OptionValues.Days(line.AuditLogRetentionDays, "--audit-log-retention-days") };
        if (line.Policy is not null)
            options = options with { PolicyPath = OptionValues.Path(line.Policy, "--policy") };
        return line.Verbose ? options with { Verbose = true } : options;
    }
}
