using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Opx.Protocol;

/// <summary>
/// The one way bodies are read and written. Reading is strict (no comments, no trailing commas, no unknown or duplicate members, bounded
/// depth, valid UTF-8); writing leaves text as it is, apart from what JSON requires to be escaped.
/// </summary>
public static class ProtocolJson
{
    internal static readonly JsonReaderOptions Strict = new() { MaxDepth = Limits.JsonDepth };

    /// <summary>For every writer of a body.</summary>
    public static JsonWriterOptions Writing => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonWriterOptions Asking = new() { Encoder = new AsciiJson(), SkipValidation = true };

    internal delegate T BodyReader<out T>(ref Utf8JsonReader reader);

    /// <summary>Reads a whole body; every way it can be malformed ends as a <see cref="Problem"/>, none as an exception.</summary>
    internal static Parsed<T> Parse<T>(in ReadOnlySequence<byte> body, BodyReader<T> read)
        where T : class
    {
        try
        {
            var reader = new Utf8JsonReader(body, Strict);
            reader.Read();
            var value = read(ref reader);
            return reader.Read() ? Refused<T>(ErrorCode.BadRequest, "the body goes on after the JSON object") : new Parsed<T>(value, null);
        }
        catch (MalformedBodyException malformed)
        {
            return Refused<T>(malformed.Code, malformed.Message);
        }
        catch (JsonException json)
        {
            return Refused<T>(ErrorCode.BadRequest, $"the body is not valid JSON (line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1})");
        }
        catch (InvalidOperationException)
        {
            // The reader's answer to a string that is not valid UTF-8 or holds half of a surrogate pair.
            return Refused<T>(ErrorCode.BadRequest, "the body holds text that is not valid Unicode");
        }
    }

    private static Parsed<T> Refused<T>(ErrorCode code, string detail)
        where T : class => new(null, new Problem(code, detail));

    /// <summary>Serializes one body.</summary>
    public static byte[] Bytes(Action<Utf8JsonWriter> write) => Bytes(write, Writing);

    /// <summary>Serializes the body of a request, which no person reads.</summary>
    public static byte[] RequestBytes(Action<Utf8JsonWriter> write) => Bytes(write, Asking);

    private static byte[] Bytes(Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, options))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>A body that was read, or why it was not: exactly one of the two.</summary>
public readonly record struct Parsed<T>(T? Value, Problem? Problem)
    where T : class;

/// <summary>Ends the reading of a body; caught by <see cref="ProtocolJson.Parse"/> and nowhere else.</summary>
internal sealed class MalformedBodyException(ErrorCode code, string detail) : Exception(detail)
{
    public ErrorCode Code { get; } = code;
}
