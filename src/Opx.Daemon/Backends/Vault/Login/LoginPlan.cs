using Opx.Daemon.Options;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault.Login;

/// <summary>Where a login's credentials come from.</summary>
internal enum LoginOrigin
{
    /// <summary>References that opx reads itself, or files that somebody else keeps: can be repeated without anybody.</summary>
    References,

    /// <summary>Somebody gave them: good for one login.</summary>
    Typed,

    /// <summary>A token in the daemon's environment, else in <c>~/.vault-token</c>: somebody else's, looked at anew each time.</summary>
    Ambient,
}

/// <summary>How to log in.</summary>
internal sealed record LoginPlan(string Method, LoginOrigin Origin)
{
    private const string ServiceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    public static LoginPlan Ambient { get; } = new(LoginMethods.Token, LoginOrigin.Ambient) { Mount = LoginMethods.Token };

    /// <summary>Without slashes at its ends.</summary>
    public required string Mount { get; init; }

    public string? Role { get; init; }

    /// <summary>By the name of the credential.</summary>
    public IReadOnlyDictionary<string, SecretReference> Refs { get; init; } = new Dictionary<string, SecretReference>();

    public string? JwtFile { get; init; }

    /// <summary>True where the token is ours to revoke: made by a login, or given to us. One behind a reference is still there tomorrow.</summary>
    public bool GivesToken => Method != LoginMethods.Token || Origin == LoginOrigin.Typed;

    public static LoginPlan From(VaultAuthOptions auth) => new(
        auth.Method, LoginMethods.IsOnceOnly(auth.Method) ? LoginOrigin.Typed : LoginOrigin.References)
    {
        Mount = MountOf(auth.Mount, auth.Method),
        Role = auth.Role,
        Refs = auth.Refs.ToDictionary(each => each.Key, each => SecretReference.Parse(each.Value, out _)!),
        JwtFile = FileFor(auth.Method, auth.JwtFile, auth.Refs.ContainsKey(LoginFields.Jwt)),
    };

    public static string MountOf(string? mount, string method) => mount?.Trim('/') is { Length: > 0 } given ? given : method;

    /// <summary>Where a login by Kubernetes finds its token unless it is given one.</summary>
    public static string? FileFor(string method, string? file, bool isGiven) =>
        file ?? (method == LoginMethods.Kubernetes && !isGiven ? ServiceAccountToken : null);
}
