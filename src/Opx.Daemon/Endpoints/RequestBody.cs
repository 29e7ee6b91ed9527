using System.Buffers;
using Microsoft.AspNetCore.Http;
using Opx.Daemon.Listening;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary>Reads a request's body whole and parses it; Kestrel bounds its size.</summary>
internal static class RequestBody
{
    public delegate Parsed<T> Parser<T>(in ReadOnlySequence<byte> body)
        where T : class;

    /// <summary>The request has arrived whole: its connection is in use.</summary>
    public static void Complete(HttpContext context, TimeProvider clock) =>
        context.Features.Get<ConnectionTable.Entry>()?.RequestComplete(clock.GetTimestamp());

    /// <summary>The parsed body, or null after a problem has been answered.</summary>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext context, Parser<T> parse, TimeProvider clock)
        where T : class
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            Complete(context, clock);
            var parsed = parse(read.Buffer);
            reader.AdvanceTo(read.Buffer.End);
            if (parsed.Problem is { } problem)
                await ProblemResponse.WriteAsync(context, problem);
            return parsed.Value;
        }
    }
}
