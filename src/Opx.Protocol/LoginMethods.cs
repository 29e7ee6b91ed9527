namespace Opx.Protocol;

/// <summary>The ways to log in to HashiCorp Vault and OpenBao, and what each of them needs. Names are those of the backends.</summary>
public static class LoginMethods
{
    public const string Token = "token";
    public const string UserPass = "userpass";
    public const string AppRole = "approle";
    public const string Kubernetes = "kubernetes";
    public const string Jwt = "jwt";
    public const string Cert = "cert";
    public const string Oidc = "oidc";

    public static IReadOnlyList<string> All { get; } = [Token, UserPass, AppRole, Kubernetes, Jwt, Cert, Oidc];

    /// <summary>The credentials that the method cannot do without. A method that is not in <see cref="All"/> has none.</summary>
    public static IReadOnlyList<string> Required(string method) => method switch
    {
        Token => [LoginFields.Token],
        UserPass => [LoginFields.Username, LoginFields.Password],
        AppRole => [LoginFields.RoleId],
        Jwt => [LoginFields.Jwt],
        Oidc => [LoginFields.State, LoginFields.Code],
        _ => [],
    };

    /// <summary>
    /// The credentials that the method takes beside those. An approle may be set up to want no secret id; Kubernetes takes the service
    /// account's file where it is given no token.
    /// </summary>
    public static IReadOnlyList<string> Optional(string method) => method switch
    {
        AppRole => [LoginFields.SecretId, LoginFields.WrappedSecretId],
        Kubernetes => [LoginFields.Jwt],
        _ => [],
    };

    /// <summary>True for what comes from a person each time and is no use a second time, so that no reference can stand for it.</summary>
    public static bool IsOnceOnly(string method) => method == Oidc;
}

/// <summary>The names of credentials in a login.</summary>
public static class LoginFields
{
    public const string Token = "token";
    public const string Username = "username";
    public const string Password = "password";
    public const string RoleId = "role_id";
    public const string SecretId = "secret_id";

    /// <summary>A token that <c>sys/wrapping/unwrap</c> gives the secret id for, once.</summary>
    public const string WrappedSecretId = "wrapped_secret_id";
    public const string Jwt = "jwt";
    public const string Code = "code";
    public const string State = "state";
}
