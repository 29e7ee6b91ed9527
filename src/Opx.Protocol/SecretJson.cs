using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Opx.Protocol.Interop;

namespace Opx.Protocol;

/// <summary>
/// Writes values as JSON. <see cref="Utf8JsonWriter"/> escapes in arrays of the shared pool, which keeps them as they are: what needs escaping,
/// or base64, is brought into form here, in memory that is wiped.
/// </summary>
public static unsafe class SecretJson
{
    // DEL is none of those that JSON wants escaped, but the writer escapes it.
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (byte)c), (byte)'"', (byte)'\\', 127]);
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    /// <summary>A value that is valid UTF-8.</summary>
    public static void WriteText(Utf8JsonWriter writer, string member, ReadOnlySpan<byte> value)
    {
        if (Ascii.IsValid(value) && !value.ContainsAny(NotPlain))
        {
            writer.WriteString(member, value);
            return;
        }

        writer.WritePropertyName(member);
        var length = EscapedLength(value) + 2;
        var block = SecretMemory.Allocate(length, out var capacity);
        try
        {
            var text = new Span<byte>(block, length);
            text[0] = text[^1] = (byte)'"';
            Escape(value, text[1..^1]);
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        finally
        {
            SecretMemory.Release(block, capacity);
        }
    }

    /// <summary>A value that is not.</summary>
    public static void WriteBase64(Utf8JsonWriter writer, string member, ReadOnlySpan<byte> value)
    {
        writer.WritePropertyName(member);
        var length = Base64.GetMaxEncodedToUtf8Length(value.Length) + 2;
        var block = SecretMemory.Allocate(length, out var capacity);
        try
        {
            var text = new Span<byte>(block, length);
            text[0] = text[^1] = (byte)'"';
            Base64.EncodeToUtf8(value, text[1..^1], out _, out _);
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        finally
        {
            SecretMemory.Release(block, capacity);
        }
    }

    private static int EscapedLength(ReadOnlySpan<byte> value)
    {
        var length = value.Length;
        for (int at; (at = value.IndexOfAny(Escaped)) >= 0; value = value[(at + 1)..])
            length = checked(length + (Letter(value[at]) == 0 ? 5 : 1));
        return length;
    }

    private static void Escape(ReadOnlySpan<byte> value, Span<byte> into)
    {
        for (int at; (at = value.IndexOfAny(Escaped)) >= 0; value = value[(at + 1)..])
        {
            value[..at].CopyTo(into);
            into = into[at..];
            into[0] = (byte)'\\';
            if (Letter(value[at]) is not 0 and var letter)
            {
                into[1] = letter;
                into = into[2..];
                continue;
            }

            "u00"u8.CopyTo(into[1..]);
            into[4] = (byte)('0' + (value[at] >> 4));
            into[5] = "0123456789abcdef"u8[value[at] & 15];
            into = into[6..];
        }

        value.CopyTo(into);
    }

    private static byte Letter(byte character) => character switch
    {
        (byte)'"' or (byte)'\\' => character,
        (byte)'\b' => (byte)'b',
        (byte)'\t' => (byte)'t',
        (byte)'\n' => (byte)'n',
        (byte)'\f' => (byte)'f',
        (byte)'\r' => (byte)'r',
        _ => 0,
    };
}
