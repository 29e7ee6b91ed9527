using System.Globalization;
using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Engines;

/// <summary>
/// Key/value with versions (api-docs/secret/kv/kv-v2). A deleted or destroyed version is a 404 with a body: <c>data</c> null and its metadata.
/// A path outside <c>data/</c> and its siblings is a 404 with a warning (vault-plugin-secrets-kv, passthrough of invalid paths).
/// </summary>
internal sealed class KvVersion2(TokenStore tokens) : IVaultMount
{
    private readonly Dictionary<string, KvSecret> _secrets = [];

    public string Type => "kv";

    public VaultAnswer Handle(VaultCall call)
    {
        var (area, path) = Split(call.Rest);
        return (area, call.Method) switch
        {
            ("data", "GET") => Read(path, call.Number("version")),
            ("data", "POST") => Write(path, call),
            ("data", "DELETE") => Mark(path, null, version => version.DeletedAt = tokens.Now),
            ("delete", "POST") => Mark(path, call, version => version.DeletedAt = tokens.Now),
            ("undelete", "POST") => Mark(path, call, version => version.DeletedAt = null),
            ("destroy", "POST") => Mark(path, call, version => (version.Data, version.IsDestroyed) = (null, true)),
            ("metadata", "GET") => _secrets.TryGetValue(path, out var secret) ? VaultAnswer.Of(secret.Metadata()) : VaultAnswer.NotFound,
            ("metadata", "LIST") => List(path),
            ("metadata", "POST") => Annotate(path, call),
            ("metadata", "DELETE") => Remove(path),
            ("config", "POST") => VaultAnswer.NoContent,
            ("config", "GET") => VaultAnswer.Of(new JsonObject { ["cas_required"] = false, ["delete_version_after"] = "0s", ["max_versions"] = 0 }),
            _ => Elsewhere(call),
        };
    }

    private static (string Area, string Path) Split(string rest) =>
        rest.IndexOf('/') is var slash and >= 0 ? (rest[..slash], rest[(slash + 1)..]) : (rest, "");

    private static VaultAnswer Elsewhere(VaultCall call)
    {
        var verb = call.Method switch { "GET" => "get", "LIST" => "list", "DELETE" => "delete", _ => "put" };
        const string warning = "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. "
            + "If using the Vault CLI, use 'vault kv ";
        return new VaultAnswer(404) { Warnings = [$"{warning}{verb}' for this operation."] };
    }

    private VaultAnswer Read(string path, int number)
    {
        if (!_secrets.TryGetValue(path, out var secret) || secret.Version(number) is not { } version)
            return VaultAnswer.NotFound;
        var data = new JsonObject { ["data"] = version.IsReadable ? version.Data!.DeepClone() : null, ["metadata"] = secret.Metadata(version) };
        return new VaultAnswer(version.IsReadable ? 200 : 404) { Data = data };
    }

    private VaultAnswer Write(string path, VaultCall call)
    {
        if (path.Length == 0 || call.Body["data"] is not JsonObject data)
            return VaultAnswer.BadRequest("no data provided");
        if (!_secrets.TryGetValue(path, out var secret))
            _secrets[path] = secret = new KvSecret(tokens.Now);
        if (call.Body["options"]?["cas"] is JsonValue cas && int.Parse(cas.ToString(), CultureInfo.InvariantCulture) != secret.Current)
            return VaultAnswer.BadRequest("check-and-set parameter did not match the current version");
        return VaultAnswer.Of(secret.Metadata(secret.Add((JsonObject)data.DeepClone(), tokens.Now)));
    }

    private VaultAnswer Mark(string path, VaultCall? call, Action<KvVersion> change)
    {
        if (!_secrets.TryGetValue(path, out var secret))
            return VaultAnswer.NoContent;
        var numbers = call?.Body["versions"] is JsonArray versions
            ? versions.Select(number => int.Parse(number!.ToString(), CultureInfo.InvariantCulture))
            : [secret.Current];
        foreach (var number in numbers)
        {
            if (secret.Version(number) is { } version)
                change(version);
        }

        return VaultAnswer.NoContent;
    }

    private VaultAnswer List(string path)
    {
        var keys = KeyList.Below(_secrets.Keys, path);
        return keys.Count == 0 ? VaultAnswer.NotFound : VaultAnswer.Of(KeyList.Data(keys));
    }

    private VaultAnswer Annotate(string path, VaultCall call)
    {
        if (!_secrets.TryGetValue(path, out var secret))
            _secrets[path] = secret = new KvSecret(tokens.Now);
        secret.Custom = call.Body["custom_metadata"]?.DeepClone() as JsonObject ?? secret.Custom;
        return VaultAnswer.NoContent;
    }

    private VaultAnswer Remove(string path)
    {
        _secrets.Remove(path);
        return VaultAnswer.NoContent;
    }
}
