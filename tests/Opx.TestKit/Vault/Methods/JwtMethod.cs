using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Methods;

/// <summary>Signed tokens, and logins in a browser (api-docs/auth/jwt; hashicorp/vault-plugin-auth-jwt path_login.go, path_oidc.go).</summary>
internal sealed class JwtMethod(VaultCore core, string type) : IVaultMount
{
    private readonly Dictionary<string, JwtRole> _roles = [];
    private readonly OidcStates _states = new();
    private List<string> _keys = [];
    private string _defaultRole = "";
    private bool _hasProvider;

    public string Type => type;

    public bool IsOpen(string rest) => rest is "login" or "oidc/auth_url" or "oidc/callback";

    public VaultAnswer Handle(VaultCall call) => (call.Segments, call.Method) switch
    {
        (["login"], "POST") => Login(call),
        (["oidc", "auth_url"], "POST") => AuthUrl(call),
        (["oidc", "callback"], "GET") => Callback(call),
        (["config"], "POST") => Configure(call),
        (["role", var name], "POST") => Put(name, call),
        _ => VaultAnswer.Unsupported,
    };

    private VaultAnswer Configure(VaultCall call)
    {
        _keys = call.Strings("jwt_validation_pubkeys");
        _defaultRole = call.Text("default_role");
        _hasProvider = call.Text("oidc_discovery_url").Length > 0;
        return VaultAnswer.NoContent;
    }

    private VaultAnswer Put(string name, VaultCall call)
    {
        if (call.Text("user_claim") is not { Length: > 0 } claim)
            return VaultAnswer.BadRequest("a user claim must be defined on the role");
        _roles[name] = new JwtRole(
            name, call.Text("role_type") is { Length: > 0 } kind ? kind : "oidc", claim, call.Text("bound_subject"),
            call.Strings("bound_audiences"), call.Strings("allowed_redirect_uris"), TokenSettings.Of(call));
        return VaultAnswer.NoContent;
    }

    private JwtRole? Role(VaultCall call) => _roles.GetValueOrDefault(RoleName(call));

    private string RoleName(VaultCall call) => call.Text("role") is { Length: > 0 } named ? named : _defaultRole;

    private VaultAnswer Login(VaultCall call)
    {
        if (call.Text("jwt") is not { Length: > 0 } token)
            return VaultAnswer.BadRequest("missing token");
        if (RoleName(call).Length == 0)
            return VaultAnswer.BadRequest("missing role");
        if (Role(call) is not { } role)
            return VaultAnswer.BadRequest($"role \"{RoleName(call)}\" could not be found");
        if (role.Type == "oidc")
            return VaultAnswer.BadRequest("role with oidc role_type is not allowed");
        if (SignedToken.Verify(token, _keys, core.Tokens.Now, out var fault) is not { } claims)
            return VaultAnswer.BadRequest($"error validating token: {fault}");
        if (role.Subject.Length > 0 && Claim(claims, "sub") != role.Subject)
            return VaultAnswer.BadRequest("error validating token: invalid subject (sub) claim");
        if (role.Audiences.Count > 0 && !role.Audiences.Contains(Claim(claims, "aud")))
            return VaultAnswer.BadRequest("error validating token: invalid audience (aud) claim: audience claim does not match any bound audience");
        return Claim(claims, role.UserClaim) is { Length: > 0 } user
            ? SignIn(call, role, user)
            : VaultAnswer.BadRequest($"claim \"{role.UserClaim}\" not found in token");
    }

    private VaultAnswer SignIn(VaultCall call, JwtRole role, string user) =>
        new(200) { Auth = core.Tokens.ForLogin(call, $"{type}-{user}", role.Settings, new() { ["role"] = role.Name }) };

    private VaultAnswer AuthUrl(VaultCall call)
    {
        if (!_hasProvider)
            return VaultAnswer.BadRequest("OIDC login is not configured for this mount");
        if (RoleName(call).Length == 0)
            return VaultAnswer.BadRequest("missing role");
        if (call.Text("redirect_uri") is not { Length: > 0 } redirect)
            return VaultAnswer.BadRequest("missing redirect_uri");
        if (Role(call) is not { } role)
            return VaultAnswer.BadRequest($"role \"{RoleName(call)}\" could not be found");
        // An address that the role does not know is answered with an empty one, so that nobody learns why.
        var url = OidcStates.IsAllowed(redirect, role.RedirectUris) ? _states.Begin(core, role.Name, redirect, call.Text("client_nonce")) : "";
        return VaultAnswer.Of(new JsonObject { ["auth_url"] = url });
    }

    private VaultAnswer Callback(VaultCall call)
    {
        if (_states.Take(call.Text("state"), core.Tokens.Now) is not { } state)
            return VaultAnswer.BadRequest("Vault login failed. Expired or missing OAuth state.");
        if (state.ClientNonce.Length > 0 && call.Text("client_nonce") != state.ClientNonce)
            return VaultAnswer.BadRequest("invalid client_nonce");
        if (!_roles.TryGetValue(state.Role, out var role))
            return VaultAnswer.BadRequest("Vault login failed. Role could not be found");
        if (call.Text("code") is not { Length: > 0 } code)
            return VaultAnswer.BadRequest("Vault login failed. No code or id_token received.");
        return core.Provider.Redeem(code, state.RedirectUri) is { } user
            ? SignIn(call, role, user)
            : VaultAnswer.BadRequest("Vault login failed. Error exchanging oidc code: \"Provider.Exchange: unable to exchange auth code with provider\".");
    }

    private static string Claim(JsonObject claims, string name) => claims[name] switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonArray { Count: > 0 } several => several[0]!.GetValue<string>(),
        _ => "",
    };
}

/// <param name="Type"><c>jwt</c> or <c>oidc</c>.</param>
internal sealed record JwtRole(
    string Name, string Type, string UserClaim, string Subject, IReadOnlyList<string> Audiences, IReadOnlyList<string> RedirectUris, TokenSettings Settings);
