using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Methods;

/// <summary>Roles for machines (api-docs/auth/approle; builtin/credential/approle/path_login.go). A wrong or used-up secret id is a 400.</summary>
internal sealed class AppRole(TokenStore tokens) : IVaultMount
{
    private readonly Dictionary<string, Role> _roles = [];

    public string Type => "approle";

    public bool IsOpen(string rest) => rest == "login";

    public VaultAnswer Handle(VaultCall call) => (call.Segments, call.Method) switch
    {
        (["login"], "POST") => Login(call),
        (["role", var name], "POST") => Put(name, call),
        (["role", var name], "DELETE") => Remove(name),
        (["role", var name, "role-id"], "GET") => On(name, role => VaultAnswer.Of(new JsonObject { ["role_id"] = role.Id })),
        (["role", var name, "role-id"], "POST") => On(name, role => { role.Id = call.Text("role_id"); return VaultAnswer.NoContent; }),
        (["role", var name, "secret-id"], "POST") => On(name, role => Issue(role, Fresh.Uuid(), call)),
        (["role", var name, "custom-secret-id"], "POST") => On(name, role => Issue(role, call.Text("secret_id"), call)),
        (["role", var name, "secret-id", "destroy"], "POST") => On(name, role => Destroy(role, call)),
        _ => VaultAnswer.Unsupported,
    };

    private VaultAnswer On(string name, Func<Role, VaultAnswer> answer) => _roles.TryGetValue(name, out var role) ? answer(role) : VaultAnswer.NotFound;

    private VaultAnswer Put(string name, VaultCall call)
    {
        _roles[name] = new Role(name, TokenSettings.Of(call), call.Flag("bind_secret_id", true), call.Number("secret_id_num_uses"), call.Duration("secret_id_ttl"))
        {
            Id = _roles.TryGetValue(name, out var known) ? known.Id : Fresh.Uuid(),
        };
        return VaultAnswer.NoContent;
    }

    private VaultAnswer Remove(string name)
    {
        _roles.Remove(name);
        return VaultAnswer.NoContent;
    }

    private VaultAnswer Issue(Role role, string id, VaultCall call)
    {
        var uses = call.Number("num_uses") is > 0 and var asked ? asked : role.SecretIdUses;
        var ttl = call.Duration("ttl") ?? role.SecretIdTtl ?? TimeSpan.Zero;
        role.SecretIds[id] = new SecretId(uses, ttl > TimeSpan.Zero ? tokens.Now + ttl : null);
        return VaultAnswer.Of(new JsonObject
        {
            ["secret_id"] = id,
            ["secret_id_accessor"] = Fresh.Uuid(),
            ["secret_id_num_uses"] = uses,
            ["secret_id_ttl"] = (long)ttl.TotalSeconds,
        });
    }

    private static VaultAnswer Destroy(Role role, VaultCall call)
    {
        role.SecretIds.Remove(call.Text("secret_id"));
        return VaultAnswer.NoContent;
    }

    private VaultAnswer Login(VaultCall call)
    {
        var wrong = VaultAnswer.BadRequest("invalid role or secret ID");
        if (call.Text("role_id").Trim() is not { Length: > 0 } id)
            return VaultAnswer.BadRequest("missing role_id");
        if (_roles.Values.FirstOrDefault(known => known.Id == id) is not { } role)
            return wrong;
        if (role.BindsSecretId)
        {
            if (call.Text("secret_id").Trim() is not { Length: > 0 } secret)
                return VaultAnswer.BadRequest("missing secret_id");
            if (!role.SecretIds.TryGetValue(secret, out var known) || known.ExpiresAt <= tokens.Now)
                return wrong;
            if (known.UsesLeft > 0)
            {
                // The last use takes it away, and 0 stands for no limit.
                if (known.UsesLeft == 1)
                    role.SecretIds.Remove(secret);
                else
                    role.SecretIds[secret] = known with { UsesLeft = known.UsesLeft - 1 };
            }
        }

        return new VaultAnswer(200) { Auth = tokens.ForLogin(call, "approle", role.Settings, new() { ["role_name"] = role.Name }) };
    }

    private sealed record SecretId(int UsesLeft, DateTimeOffset? ExpiresAt);

    private sealed record Role(string Name, TokenSettings Settings, bool BindsSecretId, int SecretIdUses, TimeSpan? SecretIdTtl)
    {
        public required string Id { get; set; }

        public Dictionary<string, SecretId> SecretIds { get; } = [];
    }
}
