using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Sys;

/// <summary><c>sys/policies/acl</c> (api-docs/system/policies) and the older <c>sys/policy</c>.</summary>
internal static class PolicyEndpoints
{
    public static VaultAnswer Handle(VaultNamespace space, VaultCall call)
    {
        var names = call.Segments[0] == "policy" ? call.Segments.Skip(1) : call.Segments.Skip(2);
        var name = string.Join('/', names);
        switch (call.Method)
        {
            case "LIST" or "GET" when name.Length == 0:
                return VaultAnswer.Of(new JsonObject { ["keys"] = new JsonArray([.. space.Policies.Names.Select(known => (JsonNode)known)]) });
            case "GET":
                return space.Policies.Text(name) is { } text ? VaultAnswer.Of(new JsonObject { ["name"] = name, ["policy"] = text }) : VaultAnswer.NotFound;
            case "POST":
                if (call.Text("policy") is not { Length: > 0 } written)
                    return VaultAnswer.BadRequest("'policy' parameter not supplied or empty");
                space.Policies.Put(name, written);
                return VaultAnswer.NoContent;
            case "DELETE":
                space.Policies.Remove(name);
                return VaultAnswer.NoContent;
            default:
                return VaultAnswer.Unsupported;
        }
    }
}
