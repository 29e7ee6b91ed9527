using System.Text;
using System.Text.Json;

namespace Opx.Cli.Logins;

/// <summary>Changes to a JSON file's bytes. What a change does not touch stays as it is, byte for byte: order, layout, everything else.</summary>
/// <remarks>Pure. Throws <see cref="JsonException"/> where the content is not an object.</remarks>
internal static class JsonEdit
{
    /// <summary>The file with a member set, and the objects on the way there made where they are missing. No content is an empty object.</summary>
    /// <param name="path">The member's name behind those of the objects it lies in.</param>
    /// <param name="value">JSON, its lines indented as if it stood at the left margin.</param>
    public static byte[] Set(ReadOnlySpan<byte> content, ReadOnlySpan<string> path, string value)
    {
        if (content.Trim(" \t\r\n"u8).IsEmpty)
            content = "{\n}\n"u8;
        if (path.Length > 1 && Find(content, path[..^1]).Value is null)
            content = Set(content, path[..^1], "{}");
        var place = Find(content, path);
        var margin = new string(' ', 2 * path.Length);
        var text = value.Replace("\n", "\n" + margin);
        if (place.Value is { } known)
            return Replace(content, known.Start, known.End, text);
        var member = $"\n{margin}\"{JsonEncodedText.Encode(path[^1])}\": {text}";
        return place.LastEnd is { } last
            ? Replace(content, last, last, "," + member)
            : Replace(content, place.Open + 1, place.Close, $"{member}\n{margin[2..]}");
    }

    /// <summary>The text of a member's value; null where there is none.</summary>
    public static string? Get(ReadOnlySpan<byte> content, params ReadOnlySpan<string> path) =>
        !content.Trim(" \t\r\n"u8).IsEmpty && Find(content, path).Value is { } span ? Encoding.UTF8.GetString(content[span.Start..span.End]) : null;

    /// <summary>Where a member stands, or where it would: the object's braces and the end of its last member.</summary>
    private static Place Find(ReadOnlySpan<byte> content, ReadOnlySpan<string> path)
    {
        var reader = new Utf8JsonReader(content);
        reader.Read();
        foreach (var name in path[..^1])
        {
            if (!Enter(ref reader, name))
                return default;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("not an object");
        var (open, lastEnd) = ((int)reader.TokenStartIndex, (int?)null);
        Span? value = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(path[^1]);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            lastEnd = (int)reader.BytesConsumed;
            if (isIt)
                value = new Span(start, lastEnd.Value);
        }

        return new Place(value, lastEnd, open, (int)reader.TokenStartIndex);
    }

    private static bool Enter(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            if (isIt)
                return true;
            reader.Skip();
        }

        return false;
    }

    private static byte[] Replace(ReadOnlySpan<byte> content, int start, int end, string text) =>
        [.. content[..start], .. Encoding.UTF8.GetBytes(text), .. content[end..]];

    private readonly record struct Span(int Start, int End);

    private readonly record struct Place(Span? Value, int? LastEnd, int Open, int Close);
}
