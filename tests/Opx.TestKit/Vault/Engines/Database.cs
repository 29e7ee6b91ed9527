using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Engines;

/// <summary>Credentials with a lease (api-docs/secret/databases): a role says how long, each read makes new ones. There is no database behind it.</summary>
internal sealed class Database(LeaseStore leases) : IVaultMount
{
    private readonly Dictionary<string, Role> _roles = [];

    public string Type => "database";

    public VaultAnswer Handle(VaultCall call) => (call.Segments, call.Method) switch
    {
        (["config", _], "POST") => VaultAnswer.NoContent,
        (["roles", var name], "POST") => Put(name, call),
        (["roles", var name], "GET") => _roles.TryGetValue(name, out var role) ? VaultAnswer.Of(role.Describe()) : VaultAnswer.NotFound,
        (["roles", var name], "DELETE") => Remove(name),
        (["creds", var name], "GET") => Issue(name, call),
        _ => VaultAnswer.Failure(404, "1 error occurred:\n\t* unsupported path\n\n"),
    };

    private VaultAnswer Put(string name, VaultCall call)
    {
        if (call.Text("db_name").Length == 0)
            return VaultAnswer.BadRequest("database name is required");
        // "renewable" is the double's own: a lease that cannot be renewed.
        _roles[name] = new Role(
            call.Text("db_name"), call.Duration("default_ttl") ?? TimeSpan.Zero, call.Duration("max_ttl") ?? TimeSpan.Zero, call.Flag("renewable", true));
        return VaultAnswer.NoContent;
    }

    private VaultAnswer Remove(string name)
    {
        _roles.Remove(name);
        return VaultAnswer.NoContent;
    }

    private VaultAnswer Issue(string name, VaultCall call)
    {
        if (!_roles.TryGetValue(name, out var role))
            return VaultAnswer.BadRequest($"unknown role: {name}");
        var ttl = role.DefaultTtl > TimeSpan.Zero ? role.DefaultTtl : TokenStore.DefaultTtl;
        var lease = leases.Issue(call.Path, call.Token!, ttl, role.MaxTtl, role.IsRenewable);
        var data = new JsonObject { ["password"] = $"{Fresh.Text(3)}-{Fresh.Text(16)}", ["username"] = $"v-token-{name}-{Fresh.Text(20)}-{leases.Now.ToUnixTimeSeconds()}" };
        return VaultAnswer.Of(data) with { LeaseId = lease.Id, Renewable = lease.Renewable, LeaseDuration = (long)ttl.TotalSeconds };
    }

    private sealed record Role(string Connection, TimeSpan DefaultTtl, TimeSpan MaxTtl, bool IsRenewable)
    {
        public JsonObject Describe() => new()
        {
            ["creation_statements"] = new JsonArray(),
            ["credential_type"] = "password",
            ["db_name"] = Connection,
            ["default_ttl"] = (long)DefaultTtl.TotalSeconds,
            ["max_ttl"] = (long)MaxTtl.TotalSeconds,
            ["renew_statements"] = new JsonArray(),
            ["revocation_statements"] = new JsonArray(),
            ["rollback_statements"] = new JsonArray(),
        };
    }
}
