using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault;

/// <summary>A token and what goes with it.</summary>
internal sealed class VaultToken(string id, DateTimeOffset createdAt)
{
    public string Id { get; } = id;

    public string Accessor { get; } = Fresh.Text(24);

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public required IReadOnlyList<string> Policies { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public string DisplayName { get; init; } = "token";

    /// <summary>Where it was made: <c>auth/token/create</c>, <c>auth/userpass/login/me</c>.</summary>
    public required string Path { get; init; }

    public string EntityId { get; init; } = "";

    public string Type { get; init; } = "service";

    public bool IsOrphan { get; init; }

    public bool Renewable { get; init; }

    public string? ParentId { get; init; }

    /// <summary>The namespace it belongs to.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Zero for no end.</summary>
    public TimeSpan Ttl { get; set; }

    public TimeSpan MaxTtl { get; init; }

    public TimeSpan ExplicitMaxTtl { get; init; }

    public TimeSpan Period { get; init; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RenewedAt { get; set; }

    /// <summary>How many uses it was given; zero for no limit.</summary>
    public int Uses { get; init; }

    public int UsesLeft { get; set; }

    /// <summary>What is kept in this token's cubbyhole, and of a wrapping token what it wraps.</summary>
    public Dictionary<string, JsonObject> Cubbyhole { get; } = [];

    public byte[]? Wrapped { get; init; }

    public bool IsRoot => Policies.Contains("root");

    public JsonNode? MetadataNode()
    {
        if (Metadata is null)
            return null;
        var node = new JsonObject();
        foreach (var (name, value) in Metadata)
            node[name] = value;
        return node;
    }

    public override string ToString() => "[token]";
}
