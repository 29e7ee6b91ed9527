using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Sys;

/// <summary>Answers that are handed out once, for a token (api-docs/system/wrapping-unwrap, docs "concepts/response-wrapping"): what was wrapped comes
/// back as it was; a second time, or too late, is a 400.</summary>
internal sealed class Wrapping(VaultCore core)
{
    private const string Policy = "response-wrapping";

    private static readonly VaultAnswer Invalid = VaultAnswer.BadRequest("wrapping token is not valid or does not exist");

    public static VaultToken Wrap(TokenStore tokens, VaultCall call, byte[] body, TimeSpan ttl) => tokens.Add(new VaultToken(tokens.NewId(), tokens.Now)
    {
        Policies = [Policy],
        Path = call.Path,
        IsOrphan = true,
        Ttl = ttl,
        ExplicitMaxTtl = ttl,
        ExpiresAt = tokens.Now + ttl,
        Uses = 1,
        UsesLeft = 1,
        Wrapped = body,
    });

    public VaultAnswer Handle(VaultCall call)
    {
        if (call.Rest == "wrapping/wrap")
            return VaultAnswer.Of((JsonObject)call.Body.DeepClone());
        var named = call.Text("token") is { Length: > 0 } id ? id : call.TokenId;
        if (core.Tokens.Find(named) is not { Wrapped: { } body } wrapping)
            return Invalid;
        if (call.Rest == "wrapping/lookup")
        {
            return VaultAnswer.Of(new JsonObject
            {
                ["creation_path"] = wrapping.Path,
                ["creation_time"] = GoTime.Text(wrapping.CreatedAt),
                ["creation_ttl"] = (long)wrapping.Ttl.TotalSeconds,
            });
        }

        core.Tokens.Revoke(wrapping);
        return new VaultAnswer(200) { Raw = body };
    }
}
