using System.Text;
using System.Text.Json;

namespace Opx.TestKit;

/// <summary>An answer as it came over the wire.</summary>
public sealed record RawResponse(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    public string? Header(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).SingleOrDefault();

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement.Clone();

    /// <summary>The member of the body's object, as text.</summary>
    public string? this[string member] => Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    /// <summary>The names of the body's members, in their order.</summary>
    public IEnumerable<string> Members => Json.EnumerateObject().Select(member => member.Name);

    internal static RawResponse FromHead(string head, byte[] body)
    {
        var lines = head.Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).Select(parts => KeyValuePair.Create(parts[0], parts[1]));
        return new RawResponse(int.Parse(lines[0].Split(' ')[1]), [.. headers], body);
    }
}
