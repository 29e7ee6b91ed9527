using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Engines;

/// <summary>Key/value without versions (api-docs/secret/kv/kv-v1). <c>lease_duration</c> is the system's default, or what the secret says in
/// <c>ttl</c>; there is no lease.</summary>
internal sealed class KvVersion1 : IVaultMount
{
    private readonly Dictionary<string, JsonObject> _secrets = [];

    public string Type => "kv";

    public VaultAnswer Handle(VaultCall call)
    {
        switch (call.Method)
        {
            case "GET":
                return _secrets.TryGetValue(call.Rest, out var data)
                    ? VaultAnswer.Of((JsonObject)data.DeepClone()) with { LeaseDuration = Lifetime(data) }
                    : VaultAnswer.NotFound;
            case "POST":
                if (call.Body.Count == 0)
                    return VaultAnswer.BadRequest("missing data fields");
                _secrets[call.Rest] = (JsonObject)call.Body.DeepClone();
                return VaultAnswer.NoContent;
            case "DELETE":
                _secrets.Remove(call.Rest);
                return VaultAnswer.NoContent;
            case "LIST":
                var keys = KeyList.Below(_secrets.Keys, call.Rest);
                return keys.Count == 0 ? VaultAnswer.NotFound : VaultAnswer.Of(KeyList.Data(keys));
            default:
                return VaultAnswer.Unsupported;
        }
    }

    private static long Lifetime(JsonObject data) => (long)(GoTime.Duration(data["ttl"]) ?? TokenStore.DefaultTtl).TotalSeconds;
}
