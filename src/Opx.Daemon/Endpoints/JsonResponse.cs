using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary>Writes a body into a buffer that clears itself, and sends it with its length.</summary>
internal static class JsonResponse
{
    private const string ContentType = "application/json";

    // A client of another version says so.
    private static readonly string Server = Routes.ServerName + "/" + DaemonVersion.Text;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write, string contentType = ContentType)
    {
        using var buffer = new ResponseBuffer();
        Serialize(buffer, write);
        var response = context.Response;
        response.ContentType = contentType;
        response.ContentLength = buffer.Written.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.Server = Server;
        response.BodyWriter.Write(buffer.Written);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Serialize(ResponseBuffer buffer, Action<Utf8JsonWriter> write)
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
