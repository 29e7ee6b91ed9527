using System.Text.Json;

namespace Opx.Protocol;

/// <summary>What the strict readers of bodies share. Each expects the reader on the token that it names and leaves it on the value's last.</summary>
internal static class JsonShape
{
    public static MalformedBodyException Malformed(string detail) => new(ErrorCode.BadRequest, detail);

    /// <summary>The next member's name, or null at the object's end. The reader stands on the value afterwards.</summary>
    public static string? NextMember(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
            return null;
        var name = reader.GetString();
        reader.Read();
        return name;
    }

    public static void Object(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Malformed("the body must be a JSON object");
    }

    public static string String(ref Utf8JsonReader reader, string member) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Malformed($"'{Printable.Text(member, 64)}' must be a string");

    public static bool Boolean(ref Utf8JsonReader reader, string member) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Malformed($"'{member}' must be true or false"),
    };

    public static List<string> Strings(ref Utf8JsonReader reader, string member, int most = int.MaxValue)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Malformed($"'{member}' must be an array of strings");
        var strings = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (strings.Count == most)
                throw new MalformedBodyException(ErrorCode.TooLarge, $"'{member}' may hold at most {most} entries");
            strings.Add(String(ref reader, member));
        }

        return strings;
    }

    /// <summary>Marks a member as seen; a second one of the same name is refused, because readers of JSON differ about which one counts.</summary>
    public static void Once(ref bool seen, string member)
    {
        if (seen)
            throw Malformed($"'{member}' appears twice");
        seen = true;
    }

    public static MalformedBodyException Unknown(string member) => Malformed($"unknown member '{Printable.Text(member, 64)}'");

    public static MalformedBodyException Missing(string member) => Malformed($"'{member}' is missing");
}
