using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault;

/// <summary>One request.</summary>
/// <param name="Method"><c>GET</c>, <c>LIST</c>, <c>POST</c> (also for PUT), <c>PATCH</c> or <c>DELETE</c>.</param>
/// <param name="Path">Behind <c>/v1/</c>, percent-decoded as Go does.</param>
/// <param name="Rest">The part behind the mount.</param>
/// <param name="Namespace">Of <c>X-Vault-Namespace</c>, without slashes at its ends.</param>
/// <param name="TokenId">Of <c>X-Vault-Token</c> or <c>Authorization: Bearer</c>; empty without.</param>
internal sealed record VaultCall(
    string Method, string Path, string Rest, string Namespace, string TokenId, IReadOnlyDictionary<string, string> Query, JsonObject Body)
{
    /// <summary>Who asks, where the path wants a token.</summary>
    public VaultToken? Token { get; init; }

    /// <summary>Of <c>X-Vault-Wrap-TTL</c>.</summary>
    public TimeSpan? WrapTtl { get; init; }

    /// <summary>The client's certificate, where the connection has one.</summary>
    public X509Certificate2? Certificate { get; init; }

    public bool IsTls { get; init; }

    public bool IsRead => Method == "GET";

    public bool IsList => Method == "LIST";

    public bool IsWrite => Method == "POST";

    public bool IsDelete => Method == "DELETE";

    public IReadOnlyList<string> Segments => Rest.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public string Text(string name) => Body[name] is JsonValue value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()
        : Query.GetValueOrDefault(name, "");

    public int Number(string name) => int.TryParse(Text(name), CultureInfo.InvariantCulture, out var number) ? number : 0;

    public bool Flag(string name, bool usual) => Text(name) switch { "" => usual, var text => text is "true" or "1" };

    public TimeSpan? Duration(string name) => GoTime.Duration(Body[name]);

    /// <summary>A list, or a text with commas.</summary>
    public List<string> Strings(string name) => Body[name] switch
    {
        JsonArray items => [.. items.Select(item => item!.GetValue<string>())],
        JsonValue value when value.GetValueKind() == JsonValueKind.String =>
            [.. value.GetValue<string>().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
        _ => [],
    };
}
