using System.Text.Json.Nodes;
using Opx.TestKit.Vault.Engines;

namespace Opx.TestKit.Vault.Sys;

/// <summary><c>sys/namespaces</c> (api-docs/system/namespaces; Vault Enterprise, and OpenBao since 2.3).</summary>
internal static class NamespaceEndpoints
{
    public static VaultAnswer Handle(VaultCore core, VaultCall call)
    {
        var name = string.Join('/', call.Segments.Skip(1));
        var path = call.Namespace.Length > 0 ? $"{call.Namespace}/{name}" : name;
        return call.Method switch
        {
            "POST" when name.Length > 0 => VaultAnswer.Of(Describe(core.AddNamespace(path))),
            "GET" when core.Namespace(path) is { Path.Length: > 0 } space => VaultAnswer.Of(Describe(space)),
            "LIST" => VaultAnswer.Of(KeyList.Data([])),
            _ => VaultAnswer.NotFound,
        };
    }

    private static JsonObject Describe(VaultNamespace space) => new() { ["custom_metadata"] = new JsonObject(), ["id"] = space.Id, ["path"] = space.Path + "/" };
}
