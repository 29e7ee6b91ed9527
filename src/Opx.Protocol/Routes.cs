namespace Opx.Protocol;

/// <summary>The paths, the header and the host name of the HTTP API. Clients of other origin depend on them: they do not change.</summary>
public static class Routes
{
    public const string Read = "/v1/read";
    public const string Reads = "/v1/reads";
    public const string Resolve = "/v1/resolve";
    public const string Status = "/v1/status";
    public const string SessionUnlock = "/v1/session/unlock";
    public const string SessionLock = "/v1/session/lock";
    public const string Invalidate = "/v1/invalidate";
    public const string Login = "/v1/login";
    public const string LoginOidc = "/v1/login/oidc";
    public const string Logout = "/v1/logout";

    /// <summary>Carries the token of the `token` file: 64 lower-case hexadecimal characters.</summary>
    public const string TokenHeader = "X-OpAuthd-Token";

    /// <summary>With a slash and the version behind it, the <c>Server</c> header of every answer of this daemon.</summary>
    public const string ServerName = "opx-authd";

    /// <summary>What our own client sends as <c>Host</c>.</summary>
    public const string Host = "unix";

    /// <summary>The name in the daemon's self-signed certificate (common name and subject alternative name).</summary>
    public const string CertificateName = "op-authd-local";
}
