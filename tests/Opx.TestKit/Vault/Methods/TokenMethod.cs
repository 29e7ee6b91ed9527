using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Methods;

/// <summary>Tokens themselves (api-docs/auth/token).</summary>
internal sealed class TokenMethod(VaultCore core) : IVaultMount
{
    public string Type => "token";

    public VaultAnswer Handle(VaultCall call) => (call.Rest, call.Method) switch
    {
        ("create" or "create-orphan", "POST") => Create(call),
        ("lookup-self", "GET") => VaultAnswer.Of(Describe(call.Token!)),
        ("lookup", "POST") => About(call, call.Text("token"), token => VaultAnswer.Of(Describe(token))),
        ("lookup-accessor", "POST") => About(call, Id(call), token => VaultAnswer.Of(Describe(token, withId: false))),
        ("renew-self", "POST") => Renew(call.Token!, call),
        ("renew", "POST") => About(call, call.Text("token"), token => Renew(token, call)),
        ("revoke-self", "POST") => Revoke(call.Token!),
        ("revoke", "POST") => About(call, call.Text("token"), Revoke),
        ("revoke-accessor", "POST") => About(call, Id(call), Revoke),
        _ => VaultAnswer.Failure(404, "1 error occurred:\n\t* unsupported path\n\n"),
    };

    private string Id(VaultCall call) => core.Tokens.FindByAccessor(call.Text("accessor"))?.Id ?? "";

    private VaultAnswer About(VaultCall call, string id, Func<VaultToken, VaultAnswer> answer) =>
        core.Tokens.Find(id) is { } token ? answer(token) : call.Rest.StartsWith("revoke", StringComparison.Ordinal)
            ? VaultAnswer.NoContent
            : VaultAnswer.Failure(403, "bad token");

    private VaultAnswer Create(VaultCall call)
    {
        var parent = call.Token!;
        var policies = call.Strings("policies") is { Count: > 0 } asked ? asked : [.. parent.Policies];
        if (!parent.IsRoot && policies.Except(parent.Policies).Any(name => name != "default"))
            return VaultAnswer.BadRequest("child policies must be subset of parent");
        var period = call.Duration("period") ?? TimeSpan.Zero;
        var named = call.Duration("ttl") ?? TimeSpan.Zero;
        var endless = policies.Contains("root") && named == TimeSpan.Zero;
        var ttl = endless ? TimeSpan.Zero : period > TimeSpan.Zero ? period : named > TimeSpan.Zero ? named : TokenStore.DefaultTtl;
        var most = call.Duration("explicit_max_ttl") ?? TimeSpan.Zero;
        if (most > TimeSpan.Zero && ttl > most)
            ttl = most;
        var isBatch = call.Text("type") == "batch";
        var isOrphan = call.Rest == "create-orphan" || call.Flag("no_parent", false);
        var now = core.Tokens.Now;
        var id = call.Text("id") is { Length: > 0 } chosen && parent.IsRoot ? chosen : core.Tokens.NewId(isBatch ? "b" : "s");
        var token = core.Tokens.Add(new VaultToken(id, now)
        {
            Policies = TokenStore.Normal(policies, call.Flag("no_default_policy", false)),
            Metadata = call.Body["meta"] is JsonObject meta ? meta.ToDictionary(member => member.Key, member => member.Value!.GetValue<string>()) : null,
            DisplayName = call.Text("display_name") is { Length: > 0 } name ? $"token-{name}" : "token",
            Path = $"auth/token/{call.Rest}",
            Type = isBatch ? "batch" : "service",
            IsOrphan = isOrphan,
            ParentId = isOrphan ? null : parent.Id,
            Renewable = !endless && !isBatch && call.Flag("renewable", true),
            Namespace = call.Namespace,
            Ttl = ttl,
            ExplicitMaxTtl = most,
            Period = period,
            ExpiresAt = endless ? null : now + ttl,
            Uses = call.Number("num_uses"),
            UsesLeft = call.Number("num_uses"),
        });
        var space = core.Namespace(call.Namespace)!;
        var missing = token.Policies.Where(policy => policy != "root" && space.Policies.Text(policy) is null);
        return new VaultAnswer(200) { Auth = token, Warnings = [.. missing.Select(policy => $"Policy \"{policy}\" does not exist")] };
    }

    private VaultAnswer Renew(VaultToken token, VaultCall call) => core.Tokens.Renew(token, call.Duration("increment")) is { } warnings
        ? new VaultAnswer(200) { Auth = token, Warnings = warnings }
        : VaultAnswer.BadRequest("lease is not renewable");

    private VaultAnswer Revoke(VaultToken token)
    {
        core.Tokens.Revoke(token);
        return VaultAnswer.NoContent;
    }

    private JsonObject Describe(VaultToken token, bool withId = true)
    {
        var data = new JsonObject
        {
            ["accessor"] = token.Accessor,
            ["creation_time"] = token.CreatedAt.ToUnixTimeSeconds(),
            ["creation_ttl"] = (long)token.Ttl.TotalSeconds,
            ["display_name"] = token.DisplayName,
            ["entity_id"] = token.EntityId,
            ["expire_time"] = token.ExpiresAt is { } end ? GoTime.Text(end) : null,
            ["explicit_max_ttl"] = (long)token.ExplicitMaxTtl.TotalSeconds,
            ["id"] = withId ? token.Id : "",
            ["meta"] = token.MetadataNode(),
            ["num_uses"] = token.UsesLeft,
            ["orphan"] = token.IsOrphan,
            ["path"] = token.Path,
            ["policies"] = new JsonArray([.. token.Policies.Select(policy => (JsonNode)policy)]),
            ["ttl"] = token.ExpiresAt is { } expires ? (long)(expires - core.Tokens.Now).TotalSeconds : 0,
            ["type"] = token.Type,
        };
        if (token.ExpiresAt is not null)
        {
            data["issue_time"] = GoTime.Text(token.CreatedAt);
            data["renewable"] = token.Renewable;
        }

        if (token.RenewedAt is { } renewed)
        {
            data["last_renewal"] = GoTime.Text(renewed);
            data["last_renewal_time"] = renewed.ToUnixTimeSeconds();
        }

        if (token.Period > TimeSpan.Zero)
            data["period"] = (long)token.Period.TotalSeconds;
        return data;
    }
}
