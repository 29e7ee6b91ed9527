using System.Text.Json;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault;

/// <summary>Looks at JSON as bytes: no document, no string, nothing from a pool that is not cleared.</summary>
internal static class JsonScan
{
    // Secrets may be nested; a server that goes deeper than this is none.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>True for one whole JSON object and nothing else.</summary>
    public static bool IsObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The raw text of a member, found name by name from the outermost object; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            json = Member(json, name);
            if (json.IsEmpty)
                return default;
        }

        return json;
    }

    public static bool IsString(ReadOnlySpan<byte> raw) => raw is [(byte)'"', ..];

    public static bool IsNothing(ReadOnlySpan<byte> raw) => raw.IsEmpty || raw.SequenceEqual("null"u8);

    public static bool IsTrue(ReadOnlySpan<byte> raw) => raw.SequenceEqual("true"u8);

    /// <summary>For what is not secret; null for anything but a string.</summary>
    public static string? Text(ReadOnlySpan<byte> raw)
    {
        if (!IsString(raw))
            return null;
        using var value = Unescape(raw);
        return value is null ? null : System.Text.Encoding.UTF8.GetString(value.Bytes);
    }

    /// <summary>A whole number; 0 for anything else.</summary>
    public static long Number(ReadOnlySpan<byte> raw) =>
        System.Buffers.Text.Utf8Parser.TryParse(raw, out long number, out var used) && used == raw.Length ? number : 0;

    /// <summary>A string's bytes; null where they are no valid Unicode.</summary>
    public static SecretValue? Unescape(ReadOnlySpan<byte> raw)
    {
        using var buffer = new SecretBuffer();
        var reader = new Utf8JsonReader(raw, Options);
        try
        {
            reader.Read();
            buffer.Advance(reader.CopyString(buffer.Room(raw.Length)));
            return SecretValue.CopyOf(buffer.Bytes);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The same without space between its parts: numbers, escapes and the order of members stay as they were sent.</summary>
    public static SecretValue Compact(ReadOnlySpan<byte> raw)
    {
        using var compact = new SecretBuffer();
        var reader = new Utf8JsonReader(raw, Options);
        var follows = false;
        while (reader.Read())
        {
            var ends = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (follows && !ends)
                compact.Append(","u8);
            var isString = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
            if (isString)
                compact.Append("\""u8);
            compact.Append(reader.ValueSpan);
            if (isString)
                compact.Append("\""u8);
            if (reader.TokenType == JsonTokenType.PropertyName)
                compact.Append(":"u8);
            follows = reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray);
        }

        return SecretValue.CopyOf(compact.Bytes);
    }

    /// <summary>How many members an object has.</summary>
    public static int Count(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        var count = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            count++;
            reader.Skip();
        }

        return count;
    }

    private static ReadOnlySpan<byte> Member(ReadOnlySpan<byte> json, string name)
    {
        if (json.IsEmpty)
            return default;
        var reader = new Utf8JsonReader(json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = IsNamed(in reader, name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
                return json[start..(int)reader.BytesConsumed];
        }

        return default;
    }

    // A name that holds half of a surrogate pair is no text, and so nobody's.
    private static bool IsNamed(in Utf8JsonReader reader, string name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
