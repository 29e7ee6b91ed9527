using System.Text;
using Opx.Protocol;

namespace Opx.Client;

/// <summary>One request as it goes over the wire, head and body in one piece, so that they travel in one TLS record.</summary>
internal static class HttpRequest
{
    /// <summary>The bytes; they hold the token: the caller wipes them.</summary>
    public static byte[] Bytes(string method, string path, ReadOnlySpan<byte> token, ReadOnlySpan<byte> body)
    {
        var before = $"{method} {path} HTTP/1.1\r\nHost: {Routes.Host}\r\n{Routes.TokenHeader}: ";
        var after = $"\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        var request = SecretBytes.Allocate(before.Length + token.Length + after.Length + body.Length);
        var rest = request.AsSpan();
        rest = rest[Encoding.ASCII.GetBytes(before, rest)..];
        token.CopyTo(rest);
        rest = rest[token.Length..];
        rest = rest[Encoding.ASCII.GetBytes(after, rest)..];
        body.CopyTo(rest);
        return request;
    }
}
