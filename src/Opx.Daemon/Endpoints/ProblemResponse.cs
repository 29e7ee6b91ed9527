using System.Globalization;
using Microsoft.AspNetCore.Http;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary>Answers with a problem: the one way a request fails.</summary>
internal static class ProblemResponse
{
    /// <param name="status">Where it is another than the code's own.</param>
    public static Task WriteAsync(HttpContext context, Problem problem, int? status = null)
    {
        var response = context.Response;
        response.StatusCode = status ?? problem.Code.Status();
        if (problem.RetryAfter is { } delay)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var identified = problem with { RequestId = context.TraceIdentifier };
        return JsonResponse.WriteAsync(context, writer => identified.Write(writer, status), Problem.ContentType);
    }
}
