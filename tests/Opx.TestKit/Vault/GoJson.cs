using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault;

/// <summary>JSON as Go's encoder writes it: no white space, <c>&lt; &gt; &amp;</c> and the two line separators escaped, other text as it is, maps by key.</summary>
internal static class GoJson
{
    /// <summary>A value that stands for a Go map: keys in the order of their bytes, on every level.</summary>
    public static void Map(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                Members(text, members);
                break;
            case JsonArray items:
                Items(text, items);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                String(text, value.GetValue<string>());
                break;
            default:
                // Numbers as they came in (json.Number), true and false.
                text.Append(node.ToJsonString());
                break;
        }
    }

    public static string Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Map(text, node);
        return text.ToString();
    }

    public static void String(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(letter),
            };
        }

        text.Append('"');
    }

    private static void Members(StringBuilder text, JsonObject members)
    {
        text.Append('{');
        var isFirst = true;
        foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            if (!isFirst)
                text.Append(',');
            isFirst = false;
            String(text, name);
            text.Append(':');
            Map(text, value);
        }

        text.Append('}');
    }

    private static void Items(StringBuilder text, JsonArray items)
    {
        text.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                text.Append(',');
            Map(text, items[i]);
        }

        text.Append(']');
    }
}
