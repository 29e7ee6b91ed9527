using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Opx.Fuzz.Tests.Running;

namespace Opx.Fuzz.Tests.Plain;

/// <summary>A whole document, asked as the scanner of bytes is.</summary>
internal static class PlainJson
{
    public static JsonDocument? Parse(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The first member of the name; a name that is no text is nobody's.</summary>
    public static JsonElement? First(JsonElement element, string name)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (Name(member) == name)
                return member.Value;
        }

        return null;
    }

    /// <summary>A string's text; null for anything else, and for one that holds half of a pair, or bytes that are no UTF-8.</summary>
    public static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static void SameMeaning(JsonElement expected, ReadOnlySpan<byte> json)
    {
        using var document = Parse(json.ToArray());
        Oracle.Holds(document is not null, "compacted, it is no JSON");
        Oracle.Same(Canonical(expected), Canonical(document!.RootElement), "compacted");
        Oracle.SameBytes(Raw(document.RootElement), json, "compacted, with something around it");
    }

    /// <summary>A value as it stands in the document.</summary>
    public static ReadOnlySpan<byte> Raw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element);

    // Numbers and strings as they were spelled, nothing between.
    private static string Canonical(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject().Select(member => $"{Name(member)}:{Canonical(member.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', element.EnumerateArray().Select(Canonical))}]",
        _ => Encoding.Latin1.GetString(Raw(element)),
    };

    private static string? Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
