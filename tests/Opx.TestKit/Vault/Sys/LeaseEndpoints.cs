using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Sys;

/// <summary><c>sys/leases</c> (api-docs/system/leases). A lease that is gone: lookup says <c>invalid lease</c>, renew <c>lease not found</c>, both 400;
/// revoking it is no error.</summary>
internal sealed class LeaseEndpoints(VaultCore core)
{
    public VaultAnswer Handle(VaultCall call)
    {
        var id = call.Text("lease_id") is { Length: > 0 } named ? named : string.Join('/', call.Segments.Skip(2));
        return (call.Segments.Skip(1).FirstOrDefault(), call.Method) switch
        {
            ("lookup", "POST") => core.Leases.Find(id) is { } lease ? VaultAnswer.Of(Describe(lease)) : VaultAnswer.BadRequest("invalid lease"),
            ("renew", "POST") => Renew(id, call),
            ("revoke", "POST") => Revoke(id),
            ("revoke-prefix", "POST") => RevokeBelow(string.Join('/', call.Segments.Skip(2))),
            _ => VaultAnswer.Unsupported,
        };
    }

    private VaultAnswer Revoke(string id)
    {
        if (id.Length == 0)
            return VaultAnswer.BadRequest("lease_id must be specified");
        core.Leases.Revoke(id);
        return VaultAnswer.NoContent;
    }

    // Tokens too, by the path that they were made at.
    private VaultAnswer RevokeBelow(string prefix)
    {
        foreach (var lease in core.Leases.Living.Where(lease => lease.Id.StartsWith(prefix + "/", StringComparison.Ordinal)))
            core.Leases.Revoke(lease.Id);
        foreach (var token in core.Tokens.All.Where(token => token.Path.StartsWith(prefix + "/", StringComparison.Ordinal)).ToList())
            core.Tokens.Revoke(token);
        return VaultAnswer.NoContent;
    }

    private VaultAnswer Renew(string id, VaultCall call)
    {
        if (core.Leases.Find(id) is not { } lease)
            return VaultAnswer.BadRequest("lease not found");
        if (!lease.Renewable)
            return VaultAnswer.BadRequest("lease is not renewable");
        var wanted = call.Duration("increment") is { } asked && asked > TimeSpan.Zero ? asked : lease.Ttl;
        var most = lease.MaxTtl > TimeSpan.Zero ? lease.MaxTtl : TokenStore.DefaultTtl;
        var left = lease.IssuedAt + most - core.Leases.Now;
        lease.Ttl = wanted < left ? wanted : left;
        lease.ExpiresAt = core.Leases.Now + lease.Ttl;
        lease.RenewedAt = core.Leases.Now;
        return new VaultAnswer(200) { LeaseId = lease.Id, Renewable = true, LeaseDuration = (long)lease.Ttl.TotalSeconds };
    }

    private JsonObject Describe(VaultLease lease) => new()
    {
        ["expire_time"] = GoTime.Text(lease.ExpiresAt),
        ["id"] = lease.Id,
        ["issue_time"] = GoTime.Text(lease.IssuedAt),
        ["last_renewal"] = lease.RenewedAt is { } renewed ? GoTime.Text(renewed) : null,
        ["renewable"] = lease.Renewable,
        ["ttl"] = (long)(lease.ExpiresAt - core.Leases.Now).TotalSeconds,
    };
}
