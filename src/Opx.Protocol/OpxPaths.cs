namespace Opx.Protocol;

/// <summary>Where the files of one user lie. Pure: it looks at nothing but what it is given, apart from asking whether a directory exists.</summary>
/// <param name="ConfigDirectory">Holds <c>config.json</c> and <c>policy.json</c>.</param>
/// <param name="DataDirectory">Holds token, certificate, key and logs.</param>
/// <param name="RuntimeDirectory">Holds the socket and its lock, unless the socket was moved.</param>
/// <param name="SocketPath">The socket.</param>
/// <param name="SocketIsMoved">True where somebody named the socket: its directory is then not ours to make or to demand privacy of.</param>
public sealed record OpxPaths(string ConfigDirectory, string DataDirectory, string RuntimeDirectory, string SocketPath, bool SocketIsMoved)
{
    private const string Folder = "op-authd";
    private const string SocketName = "socket.sock";

    /// <summary>What <c>XDG_RUNTIME_DIR</c> would be in the login session, where the socket is looked for there and the environment does not say so.</summary>
    public string? LoginSession { get; private init; }

    public string TokenFile => Path.Combine(DataDirectory, "token");

    public string CertificateFile => Path.Combine(DataDirectory, "tls.crt");

    public string KeyFile => Path.Combine(DataDirectory, "tls.key");

    public string DaemonLogFile => Path.Combine(DataDirectory, "opx-authd.log");

    /// <summary>There while a lock holds that a person or the desktop asked for, so that it outlives the daemon. It holds nothing.</summary>
    public string LockedFile => Path.Combine(DataDirectory, "locked");

    public string ConfigFile => Path.Combine(ConfigDirectory, "config.json");

    public string PolicyFile => Path.Combine(ConfigDirectory, "policy.json");

    /// <summary>Held by the daemon that serves this socket, for its life.</summary>
    public string InstanceLockFile => SocketPath + ".lock";

    /// <summary>The paths that an environment leads to.</summary>
    /// <param name="environment">The value of a variable; null or empty for an unset one.</param>
    /// <param name="socketPath">A socket that an option names; it wins over <see cref="EnvironmentNames.SocketPath"/>.</param>
    /// <param name="ignoreLegacy">Where the files belong, for the move out of a legacy directory.</param>
    /// <exception cref="OpxPathException">A variable holds something that cannot be meant.</exception>
    public static OpxPaths From(Func<string, string?> environment, string? socketPath = null, bool ignoreLegacy = false)
    {
        var home = Absolute(EnvironmentNames.Home) ?? throw new OpxPathException("HOME is not set: opx keeps its files below it");
        var legacy = Path.Combine(home, ".op-authd");
        var moved = socketPath is { Length: > 0 } ? socketPath : Variable(EnvironmentNames.SocketPath);
        if (moved is not null && !Path.IsPathRooted(moved))
            throw new OpxPathException($"the socket path '{Printable.Text(moved)}' is relative: give an absolute one");

        OpxPaths At(string config, string data, string runtime) =>
            new(config, data, runtime, moved ?? Path.Combine(runtime, SocketName), moved is not null);

        if (!ignoreLegacy && Directory.Exists(legacy))
            return At(legacy, legacy, legacy);
        var config = Path.Combine(Absolute(EnvironmentNames.XdgConfigHome) ?? Path.Combine(home, ".config"), Folder);
        var data = Path.Combine(Absolute(EnvironmentNames.XdgDataHome) ?? Path.Combine(home, ".local", "share"), Folder);
        var runtime = Absolute(EnvironmentNames.XdgRuntimeDir) is { } directory ? Path.Combine(directory, Folder) : data;
        return At(config, data, runtime);

        string? Variable(string name) => environment(name) is not { Length: > 0 } value ? null
            : !value.Contains('\uFFFD') ? value
            : throw new OpxPathException($"{name} is '{Printable.Text(value)}', which is not UTF-8: opx cannot use such a path, set it to another");

        string? Absolute(string name)
        {
            if (Variable(name) is not { } value)
                return null;
            if (!Path.IsPathRooted(value))
                throw new OpxPathException($"{name} is '{Printable.Text(value)}', a relative path: set it to an absolute one or unset it");
            if (value.Split('/').Contains(".."))
                throw new OpxPathException($"{name} is '{Printable.Text(value)}', which holds '..': set it to a plain path or unset it");
            return value;
        }
    }

    /// <summary>The same user's paths with the socket where a login session keeps it, for a client that was started without
    /// <c>XDG_RUNTIME_DIR</c>.</summary>
    public OpxPaths InLoginSession(uint uid)
    {
        var session = $"/run/user/{uid}";
        var runtime = Path.Combine(session, Folder);
        return this with { RuntimeDirectory = runtime, SocketPath = Path.Combine(runtime, SocketName), LoginSession = session };
    }

    /// <summary>One line about a socket path that the system cannot bind, or null.</summary>
    public static string? SocketPathFault(string path)
    {
        // sun_path with its final NUL: 108 bytes on Linux, 104 on macOS.
        var most = OperatingSystem.IsMacOS() ? 103 : 107;
        var length = System.Text.Encoding.UTF8.GetByteCount(path);
        return length > most
            ? $"the socket path '{Printable.Text(path)}' is {length} bytes long and the system allows {most}: set {EnvironmentNames.SocketPath} to a shorter one"
            : null;
    }
}

/// <summary>A path that cannot be used; the message says which and what to do.</summary>
public sealed class OpxPathException(string message) : Exception(message);
