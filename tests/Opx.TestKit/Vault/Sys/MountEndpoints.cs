using System.Text.Json.Nodes;
using Opx.TestKit.Vault.Engines;
using Opx.TestKit.Vault.Methods;

namespace Opx.TestKit.Vault.Sys;

/// <summary><c>sys/mounts</c>, <c>sys/auth</c> and <c>sys/internal/ui/mounts</c> (api-docs/system/mounts, auth, internal-ui-mounts; recorded answers of
/// Vault 1.15 to 1.19).</summary>
internal sealed class MountEndpoints(VaultCore core)
{
    public VaultAnswer Handle(VaultCall call)
    {
        var space = core.Namespace(call.Namespace)!;
        var isAuth = call.Segments[0] == "auth";
        var path = string.Join('/', call.Segments.Skip(1));
        var entries = isAuth ? space.Methods : space.Engines;
        switch (call.Method)
        {
            case "GET" when path.Length == 0:
                var all = new JsonObject();
                foreach (var entry in entries)
                    all[entry.Path] = Describe(entry);
                return VaultAnswer.Of(all) with { IsAlsoAtTop = true };
            case "GET":
                return entries.FirstOrDefault(entry => entry.Path == path + "/") is { } one
                    ? VaultAnswer.Of(Describe(one)) with { IsAlsoAtTop = true }
                    : VaultAnswer.BadRequest(isAuth ? $"No auth engine at {path}/" : $"No secret engine mount at {path}/");
            case "POST":
                return isAuth ? Enable(space, path, call) : Mount(space, path, call);
            case "DELETE":
                _ = isAuth ? space.Disable(path) : space.Unmount(path);
                return VaultAnswer.NoContent;
            default:
                return VaultAnswer.Unsupported;
        }
    }

    /// <summary>The mount of a path, for a token that may do something below it; anything else is a 403 with this sentence, also where there is no mount.</summary>
    public VaultAnswer ForUser(VaultCall call)
    {
        var path = string.Join('/', call.Segments.Skip(3));
        if (path.Length == 0)
            return VaultAnswer.Of(new JsonObject { ["auth"] = new JsonObject(), ["secret"] = new JsonObject() });
        if (call.TokenId.Length > 0 && call.Token is null)
            return VaultAnswer.InvalidToken;
        var space = core.Namespace(call.Namespace)!;
        var entry = path.StartsWith("auth/", StringComparison.Ordinal) ? null : space.Engine(path);
        if (call.Token is { } token && entry is not null && (token.IsRoot || space.Policies.Touches(token.Policies, entry.Path)))
        {
            var data = Describe(entry);
            data["path"] = entry.Path;
            return VaultAnswer.Of(data);
        }

        return call.Token is null
            ? VaultAnswer.Failure(403, "permission denied")
            : VaultAnswer.Failure(403, $"preflight capability check returned 403, please ensure client's policies grant access to path \"{path}/\"");
    }

    private VaultAnswer Mount(VaultNamespace space, string path, VaultCall call)
    {
        var type = call.Text("type");
        var version = call.Body["options"]?["version"]?.ToString() ?? (type == "kv-v2" ? "2" : "1");
        IVaultMount? mount = type switch
        {
            "kv" or "kv-v1" or "kv-v2" or "generic" => version == "2" ? new KvVersion2(core.Tokens) : new KvVersion1(),
            "database" => new Database(core.Leases),
            "pki" => new Pki(core.Tokens.Clock),
            _ => null,
        };
        if (mount is null)
            return VaultAnswer.BadRequest($"plugin not found in the catalog: {type}");
        return space.Mount(path, mount, call.Text("description"), mount.Type == "kv" ? version : null)
            ? VaultAnswer.NoContent
            : VaultAnswer.BadRequest($"path is already in use at {path}/");
    }

    private VaultAnswer Enable(VaultNamespace space, string path, VaultCall call)
    {
        IVaultMount? method = call.Text("type") switch
        {
            "userpass" => new UserPass(core.Tokens),
            "approle" => new AppRole(core.Tokens),
            "kubernetes" => new Kubernetes(core.Tokens),
            "cert" => new CertMethod(core.Tokens),
            "jwt" or "oidc" => new JwtMethod(core, call.Text("type")),
            _ => null,
        };
        if (method is null)
            return VaultAnswer.BadRequest($"plugin not found in the catalog: {call.Text("type")}");
        return space.Enable(path, method, call.Text("description")) ? VaultAnswer.NoContent : VaultAnswer.BadRequest($"path is already in use at {path}/");
    }

    private JsonObject Describe(MountEntry entry)
    {
        var data = new JsonObject
        {
            ["accessor"] = entry.Accessor,
            ["config"] = new JsonObject { ["default_lease_ttl"] = 0, ["force_no_cache"] = false, ["max_lease_ttl"] = 0 },
            ["deprecation_status"] = "supported",
            ["description"] = entry.Description,
            ["external_entropy_access"] = false,
            ["local"] = entry.Mount.Type == "cubbyhole",
            ["options"] = entry.Version is { } version ? new JsonObject { ["version"] = version } : null,
            ["plugin_version"] = "",
            ["running_plugin_version"] = $"v{core.Version}+builtin.{(core.IsBao ? "bao" : "vault")}",
            ["running_sha256"] = "",
            ["seal_wrap"] = false,
            ["type"] = entry.Mount.Type,
            ["uuid"] = entry.Uuid,
        };
        if (core.IsBao)
            data.Remove("deprecation_status");
        return data;
    }
}
