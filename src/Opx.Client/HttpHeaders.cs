using System.Buffers.Text;
using System.Text;

namespace Opx.Client;

/// <summary>The part of an answer before its body: what RFC 9112 lets an HTTP/1.1 server say, as far as it decides where the body ends.</summary>
internal readonly record struct HttpHeaders(int Status, long? ContentLength, bool IsChunked, bool KeepsConnection, TimeSpan? RetryAfter, string? Server)
{
    /// <summary>Reads status line and fields.</summary>
    /// <param name="head">Up to and with the final empty line.</param>
    /// <exception cref="InvalidDataException">It is not HTTP/1.1, or it says two things about the body's length.</exception>
    public static HttpHeaders Parse(ReadOnlySpan<byte> head)
    {
        var line = TakeLine(ref head);
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[8] != ' '
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var digits) || digits != 3 || (line.Length > 12 && line[12] != ' '))
        {
            throw new InvalidDataException("the answer is not HTTP");
        }

        long? length = null;
        TimeSpan? retryAfter = null;
        string? server = null;
        var (chunked, keeps) = (false, line[7] == '1');
        while ((line = TakeLine(ref head)).Length > 0)
        {
            var colon = line.IndexOf((byte)':');
            if (colon <= 0)
                throw new InvalidDataException("the answer has a malformed header");
            var name = line[..colon];
            var value = Trim(line[(colon + 1)..]);
            if (Is(name, "content-length"u8))
            {
                if (!Utf8Parser.TryParse(value, out long stated, out var consumed) || consumed != value.Length || value[0] is (byte)'-' or (byte)'+'
                    || (length is not null && length != stated))
                {
                    throw new InvalidDataException("the answer has a malformed Content-Length");
                }

                length = stated;
            }
            else if (Is(name, "transfer-encoding"u8))
            {
                chunked = Is(value, "chunked"u8) ? true : throw new InvalidDataException("the answer has an unknown Transfer-Encoding");
            }
            else if (Is(name, "connection"u8))
            {
                keeps = !Is(value, "close"u8) && (keeps || Is(value, "keep-alive"u8));
            }
            else if (Is(name, "server"u8))
            {
                server = Encoding.ASCII.GetString(value);
            }
            else if (Is(name, "retry-after"u8) && Utf8Parser.TryParse(value, out int seconds, out var all) && all == value.Length && seconds >= 0)
            {
                retryAfter = TimeSpan.FromSeconds(seconds);
            }
        }

        return length is not null && chunked
            ? throw new InvalidDataException("the answer states its length in two ways")
            : new HttpHeaders(status, length, chunked, keeps, retryAfter, server);
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf("\r\n"u8);
        if (end < 0)
            throw new InvalidDataException("the answer has a malformed header");
        var line = rest[..end];
        rest = rest[(end + 2)..];
        return line;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(text, lowerCase);
}
