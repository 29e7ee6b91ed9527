using Opx.Protocol;

namespace Opx.Client;

/// <summary>What the client needs to find the daemon, or to start one.</summary>
/// <param name="Paths">Where this user's files lie.</param>
/// <param name="UserId">Who we are, and who the daemon has to be.</param>
/// <param name="MayStart">False with <c>OPX_AUTOSTART=0</c> and for commands that only look.</param>
/// <param name="DaemonPath"><c>OPX_AUTHD_PATH</c>: the daemon's program; null where it is unset.</param>
/// <param name="SearchPath"><c>PATH</c>.</param>
/// <param name="LookInLoginSession">True where the environment does not say where the socket lies (<c>XDG_RUNTIME_DIR</c> and
/// <c>OPX_SOCKET_PATH</c> are unset and there is no <c>~/.op-authd</c>): a daemon of the login session is then looked for before one is started.</param>
public sealed record ClientOptions(
    OpxPaths Paths, uint UserId, bool MayStart, string? DaemonPath, string? SearchPath, bool LookInLoginSession)
{
    private readonly string? _ownPath;

    /// <summary>This executable: the daemon's program usually lies beside it. Asked of the system (one call for each folder on the way to it) where
    /// somebody wants to know, which a read does not.</summary>
    public string OwnPath
    {
        get => _ownPath ?? Environment.ProcessPath ?? "opx";
        init => _ownPath = value;
    }
}
