using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Methods;

/// <summary>Service accounts (api-docs/auth/kubernetes). A cluster would be asked whether the account still exists; here a good signature is enough.</summary>
internal sealed class Kubernetes(TokenStore tokens) : IVaultMount
{
    private readonly Dictionary<string, Role> _roles = [];
    private List<string> _keys = [];

    public string Type => "kubernetes";

    public bool IsOpen(string rest) => rest == "login";

    public VaultAnswer Handle(VaultCall call)
    {
        switch (call.Segments, call.Method)
        {
            case (["login"], "POST"):
                return Login(call);
            case (["config"], "POST"):
                _keys = call.Strings("pem_keys");
                return VaultAnswer.NoContent;
            case (["role", var name], "POST"):
                _roles[name] = new Role(
                    call.Strings("bound_service_account_names"), call.Strings("bound_service_account_namespaces"), TokenSettings.Of(call));
                return VaultAnswer.NoContent;
            default:
                return VaultAnswer.Unsupported;
        }
    }

    private VaultAnswer Login(VaultCall call)
    {
        if (call.Text("role") is not { Length: > 0 } name)
            return VaultAnswer.BadRequest("missing role");
        if (call.Text("jwt") is not { Length: > 0 } jwt)
            return VaultAnswer.BadRequest("missing jwt");
        if (!_roles.TryGetValue(name, out var role))
            return VaultAnswer.BadRequest($"invalid role name \"{name}\"");
        if (SignedToken.Verify(jwt, _keys, tokens.Now, out _) is not { } claims)
            return VaultAnswer.Failure(403, "permission denied");
        var account = claims["kubernetes.io"] as JsonObject;
        var space = account?["namespace"]?.GetValue<string>() ?? "";
        var service = account?["serviceaccount"]?["name"]?.GetValue<string>() ?? "";
        if (!IsBound(role.Names, service))
            return VaultAnswer.Failure(403, "service account name not authorized");
        if (!IsBound(role.Namespaces, space))
            return VaultAnswer.Failure(403, "namespace not authorized");
        return new VaultAnswer(200)
        {
            Auth = tokens.ForLogin(call, $"kubernetes-{space}-{service}", role.Settings, new()
            {
                ["role"] = name,
                ["service_account_name"] = service,
                ["service_account_namespace"] = space,
                ["service_account_secret_name"] = "",
                ["service_account_uid"] = account?["serviceaccount"]?["uid"]?.GetValue<string>() ?? "",
            }),
        };
    }

    private static bool IsBound(IReadOnlyList<string> bound, string name) => bound.Contains("*") || bound.Contains(name);

    private sealed record Role(IReadOnlyList<string> Names, IReadOnlyList<string> Namespaces, TokenSettings Settings);
}
