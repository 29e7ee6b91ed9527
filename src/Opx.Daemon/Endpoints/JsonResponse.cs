using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary>Writes a body into a buffer that clears itself, and sends it with its length.</summary>
internal static class JsonResponse
{
    private const string ContentType = "application/json";
    private const int Piece = 64 * 1024;

    // A client of another version says so.
    private static readonly string Server = Routes.ServerName + "/" + DaemonVersion.Text;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write, string contentType = ContentType)
    {
        using var buffer = new ResponseBuffer();
        Serialize(buffer, write);
        var response = context.Response;
        Describe(response.Headers, buffer.Written.Length, contentType);
        // In pieces: a large answer that is written at once would have a second copy of all of it in the connection's blocks.
        for (var sent = 0; sent < buffer.Written.Length; sent += Piece)
        {
            response.BodyWriter.Write(buffer.Written[sent..Math.Min(sent + Piece, buffer.Written.Length)]);
            await response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    public static void Describe(IHeaderDictionary headers, int length, string contentType)
    {
        headers.ContentType = contentType;
        headers.ContentLength = length;
        headers.CacheControl = "no-store";
        headers.Server = Server;
    }

    public static void Serialize(ResponseBuffer buffer, Action<Utf8JsonWriter> write)
    {
        // A writer keeps nothing but its target, so each thread has one.
        var writer = _writer ??= new Utf8JsonWriter(Stream.Null, ProtocolJson.Writing);
        writer.Reset(buffer);
        try
        {
            write(writer);
            writer.Flush();
        }
        finally
        {
            writer.Reset(Stream.Null);
        }
    }
}
