namespace Opx.Protocol;

/// <summary>Every environment variable that opx reads. They are read once, in <c>Program</c>.</summary>
public static class EnvironmentNames
{
    public const string Home = "HOME";
    public const string Path = "PATH";
    public const string XdgConfigHome = "XDG_CONFIG_HOME";
    public const string XdgDataHome = "XDG_DATA_HOME";
    public const string XdgRuntimeDir = "XDG_RUNTIME_DIR";

    /// <summary>The time zone, as the C library reads it.</summary>
    public const string Zone = "TZ";
    public const string ZoneDirectory = "TZDIR";

    /// <summary>Where the socket lies, for client and daemon.</summary>
    public const string SocketPath = "OPX_SOCKET_PATH";

    /// <summary><c>0</c>: the client starts no daemon.</summary>
    public const string Autostart = "OPX_AUTOSTART";

    /// <summary>The daemon's program, for the client that starts it.</summary>
    public const string DaemonPath = "OPX_AUTHD_PATH";

    /// <summary>The 1Password CLI's program.</summary>
    public const string OpPath = "OPX_OP_PATH";

    /// <summary>Set for every <c>op</c> that the daemon runs, to its path: an opx that finds it was asked by the daemon that it would ask.</summary>
    public const string AskedByDaemon = "OP_AUTHD_RUNS_OP";

    /// <summary>Set by the client that starts a daemon: the number of the pipe that is told <c>ready</c> or the first error.</summary>
    public const string ReadyDescriptor = "OPX_READY_FD";

    public const string Backend = "OP_AUTHD_BACKEND";
    public const string SessionTimeout = "OP_AUTHD_SESSION_TIMEOUT";
    public const string EnableSessionLock = "OP_AUTHD_ENABLE_SESSION_LOCK";

    /// <summary>As the CLIs of HashiCorp Vault and OpenBao read them; for OpenBao those of its own come first.</summary>
    public const string VaultAddress = "VAULT_ADDR";
    public const string VaultNamespace = "VAULT_NAMESPACE";
    public const string VaultToken = "VAULT_TOKEN";
    public const string VaultCaFile = "VAULT_CACERT";
    public const string VaultCaDirectory = "VAULT_CAPATH";
    public const string VaultClientCertificate = "VAULT_CLIENT_CERT";
    public const string VaultClientKey = "VAULT_CLIENT_KEY";

    /// <summary>The same variable of OpenBao's: <c>BAO_</c> in place of <c>VAULT_</c>.</summary>
    public static string OfBao(string vault) => "BAO_" + vault["VAULT_".Length..];
}
