using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Opx.Daemon.Listening;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary>The outermost stage: every failure that no endpoint answered becomes a problem, and none tells what only the log may know.</summary>
internal sealed class RequestFailures(ILogger<RequestFailures> log)
{
    public static readonly Problem BodyTooLarge = new(ErrorCode.TooLarge, $"the body is larger than {Limits.BodyBytes} bytes: ask for fewer references at a time");

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            await AnswerUnroutedAsync(context);
        }
        catch (BadHttpRequestException malformed) when (!context.Response.HasStarted)
        {
            // Where its body ends nobody knows.
            context.Response.Headers.Connection = "close";
            await ProblemResponse.WriteAsync(context, malformed.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? BodyTooLarge
                : new Problem(ErrorCode.BadRequest, "the request is malformed or did not arrive whole"));
        }
        catch (Exception gone) when (gone is ConnectionResetException || (gone is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            // The client is gone; nobody is there to be told, and nothing of the request is left to be read.
            context.Abort();
        }
        catch (Exception defect) when (!context.Response.HasStarted)
        {
            log.RequestFailed(context.TraceIdentifier, context.Request.Path, defect.GetType().Name, FirstFrame(defect));
            await ProblemResponse.WriteAsync(context, new Problem(ErrorCode.Internal, "something went wrong in opx-authd: its log has more under this request_id"));
        }
        finally
        {
            context.Features.Get<ConnectionTable.Entry>()?.Answered();
        }
    }

    private static Task AnswerUnroutedAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted || response.ContentLength is not null)
            return Task.CompletedTask;
        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ProblemResponse.WriteAsync(context, new Problem(ErrorCode.NotFound, "there is no such endpoint")),
            StatusCodes.Status405MethodNotAllowed => ProblemResponse.WriteAsync(
                context, new Problem(ErrorCode.BadRequest, $"this endpoint wants {response.Headers.Allow}"), StatusCodes.Status405MethodNotAllowed),
            _ => Task.CompletedTask,
        };
    }

    // Where it happened and what kind it was; an exception's own text may hold anything.
    private static string FirstFrame(Exception defect) => defect.StackTrace?.Split('\n', 2)[0].Trim() ?? "";
}
