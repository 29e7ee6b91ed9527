using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary>
/// A problem for what Kestrel refuses before any stage of ours sees it: a first line or headers that are none, are too large or do not
/// arrive. It tells of each here, with its status set, and would send that without a body; no other request comes this way.
/// </summary>
internal sealed class UnreadableRequests : DiagnosticSource
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public override bool IsEnabled(string name) => name == BadRequest;

    [RequiresUnreferencedCode("As its base has it; nothing is looked at by reflection.")]
    public override void Write(string name, object? value)
    {
        if (value is IFeatureCollection request && request.Get<IHttpResponseFeature>() is { HasStarted: false } response
            && request.Get<IHttpRequestFeature>()?.Method != HttpMethods.Head)
            Answer(request, response);
    }

    private static void Answer(IFeatureCollection request, IHttpResponseFeature response)
    {
        var status = response.StatusCode;
        var problem = ProblemOf(status) with { RequestId = request.Get<IHttpRequestIdentifierFeature>()?.TraceIdentifier };
        using var body = new ResponseBuffer();
        JsonResponse.Serialize(body, writer => problem.Write(writer, status));
        JsonResponse.Describe(response.Headers, body.Written.Length, Problem.ContentType);
        response.Headers.Connection = "close";
        // Kestrel has made no writer for the body of a request that it could not read. Its headers go out first, then ours goes the same way.
        if (!request.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync().IsCompletedSuccessfully)
            return;
        var output = request.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output;
        output.Write(body.Written);
        // Not waited for: the end of the connection, which comes next, waits for what is on its way.
        _ = output.FlushAsync().AsTask();
    }

    private static Problem ProblemOf(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => new(ErrorCode.BadRequest, "the request did not arrive whole in time: send it again, at once"),
        StatusCodes.Status413PayloadTooLarge => RequestFailures.BodyTooLarge,
        StatusCodes.Status414UriTooLong => new(ErrorCode.TooLarge, "the first line of the request is too long: references go into the body"),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => new(ErrorCode.TooLarge, "the headers of the request are too large or too many: only the token is needed"),
        StatusCodes.Status505HttpVersionNotsupported => new(ErrorCode.BadRequest, "the daemon speaks HTTP/1.1"),
        _ => new(ErrorCode.BadRequest, "the request is not HTTP/1.1, or has headers that are not: check how the client writes it"),
    };
}
