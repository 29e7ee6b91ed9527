using System.Globalization;
using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Engines;

/// <summary>A secret of <see cref="KvVersion2"/> with all its versions.</summary>
internal sealed class KvSecret
{
    private const int MostVersions = 10;

    private readonly SortedDictionary<int, KvVersion> _versions = [];
    private readonly DateTimeOffset _createdAt;
    private DateTimeOffset _updatedAt;

    public KvSecret(DateTimeOffset now) => _createdAt = _updatedAt = now;

    public int Current { get; private set; }

    public JsonObject? Custom { get; set; }

    /// <param name="number">0 for the latest.</param>
    public KvVersion? Version(int number) => _versions.GetValueOrDefault(number == 0 ? Current : number);

    public KvVersion Add(JsonObject data, DateTimeOffset now)
    {
        var version = new KvVersion(++Current, data, now);
        _versions[Current] = version;
        _updatedAt = now;
        if (_versions.Count > MostVersions)
            _versions.Remove(_versions.Keys.First());
        return version;
    }

    public JsonObject Metadata(KvVersion version)
    {
        var data = version.Describe();
        data["custom_metadata"] = Custom?.DeepClone();
        data["version"] = version.Number;
        return data;
    }

    public JsonObject Metadata()
    {
        var versions = new JsonObject();
        foreach (var (number, version) in _versions)
            versions[number.ToString(CultureInfo.InvariantCulture)] = version.Describe();
        return new JsonObject
        {
            ["cas_required"] = false,
            ["created_time"] = GoTime.Text(_createdAt),
            ["current_version"] = Current,
            ["custom_metadata"] = Custom?.DeepClone(),
            ["delete_version_after"] = "0s",
            ["max_versions"] = 0,
            ["oldest_version"] = _versions.Count == 0 || _versions.Keys.First() == 1 ? 0 : _versions.Keys.First(),
            ["updated_time"] = GoTime.Text(_updatedAt),
            ["versions"] = versions,
        };
    }
}

internal sealed class KvVersion(int number, JsonObject data, DateTimeOffset createdAt)
{
    public int Number { get; } = number;

    public JsonObject? Data { get; set; } = data;

    public DateTimeOffset? DeletedAt { get; set; }

    public bool IsDestroyed { get; set; }

    public bool IsReadable => DeletedAt is null && !IsDestroyed;

    public JsonObject Describe() => new()
    {
        ["created_time"] = GoTime.Text(createdAt),
        ["deletion_time"] = DeletedAt is { } deleted ? GoTime.Text(deleted) : "",
        ["destroyed"] = IsDestroyed,
    };
}
