using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Engines;

/// <summary>A store that every token has for itself (api-docs/secret/cubbyhole).</summary>
internal sealed class Cubbyhole : IVaultMount
{
    public string Type => "cubbyhole";

    public VaultAnswer Handle(VaultCall call)
    {
        var kept = call.Token!.Cubbyhole;
        switch (call.Method)
        {
            case "GET":
                return kept.TryGetValue(call.Rest, out var data) ? VaultAnswer.Of((JsonObject)data.DeepClone()) : VaultAnswer.NotFound;
            case "POST":
                kept[call.Rest] = (JsonObject)call.Body.DeepClone();
                return VaultAnswer.NoContent;
            case "DELETE":
                kept.Remove(call.Rest);
                return VaultAnswer.NoContent;
            default:
                var keys = KeyList.Below(kept.Keys, call.Rest);
                return keys.Count == 0 ? VaultAnswer.NotFound : VaultAnswer.Of(KeyList.Data(keys));
        }
    }
}

/// <summary>What <c>LIST</c> answers: names, folders with a slash.</summary>
internal static class KeyList
{
    public static IReadOnlyList<string> Below(IEnumerable<string> paths, string folder)
    {
        var prefix = folder.Trim('/') is { Length: > 0 } name ? name + "/" : "";
        var keys = paths.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).Select(path => path[prefix.Length..])
            .Select(rest => rest.IndexOf('/') is var slash and >= 0 ? rest[..(slash + 1)] : rest);
        return [.. new SortedSet<string>(keys, StringComparer.Ordinal)];
    }

    public static JsonObject Data(IEnumerable<string> keys) => new() { ["keys"] = new JsonArray([.. keys.Select(key => (JsonNode)key)]) };
}
