using Opx.Protocol;

namespace Opx.Daemon.Backends.OnePassword;

/// <summary>What of the daemon's environment <c>op</c> gets to see.</summary>
internal sealed class OpEnvironment
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        // To find `env` and its own files, and to be somebody.
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR",
        // How it prints: only the bytes of messages hang on it, which are English everywhere.
        "LANG", "TZ",
        // The way to the network where there is none but through a proxy.
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        // The desktop app is reached, and asks for a finger, through the session's bus and screen.
        "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY",
    };

    private static readonly string[] Prefixes =
    [
        "LC_",
        // Where its configuration and the desktop app's socket lie.
        "XDG_",
        // Its own settings: service account, Connect server, session tokens, account.
        "OP_",
    ];

    private OpEnvironment(IReadOnlyList<KeyValuePair<string, string>> variables, bool isUnattended)
    {
        Variables = variables;
        IsUnattended = isUnattended;
    }

    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; }

    /// <summary>True where a token speaks for the person: nobody is asked, so nothing takes a person's time.</summary>
    public bool IsUnattended { get; }

    /// <param name="op">The program that is to be run.</param>
    public static OpEnvironment From(IReadOnlyDictionary<string, string> daemon, string op)
    {
        // A variable that is itself a reference would be resolved by `op run`, on our account and into our output, or fail the batch.
        var variables = daemon.Where(variable => IsAllowed(variable.Key) && variable.Key != EnvironmentNames.AskedByDaemon && !SecretReference.HasScheme(variable.Value)).ToArray();
        var isUnattended = Array.Exists(variables, variable =>
            variable.Key is "OP_SERVICE_ACCOUNT_TOKEN" or "OP_CONNECT_HOST" && variable.Value.Length > 0);
        return new OpEnvironment([.. variables, new(EnvironmentNames.AskedByDaemon, op)], isUnattended);
    }

    private static bool IsAllowed(string name) =>
        Names.Contains(name) || Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
