using Microsoft.AspNetCore.Http;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary>
/// Refuses what a browser was made to send: a request that says which page it comes from, or that was meant for another host. The socket is
/// none that a browser reaches, until somebody forwards it.
/// </summary>
internal static class RequestOrigin
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (headers.Origin.Count > 0 || headers.Referer.Count > 0)
            return ProblemResponse.WriteAsync(context, new Problem(ErrorCode.BadRequest, "requests from web pages are refused (Origin or Referer is set)"));
        return IsOurs(context.Request.Host)
            ? next(context)
            : ProblemResponse.WriteAsync(
                context, new Problem(ErrorCode.BadRequest, $"the Host must be '{Routes.Host}', 'localhost' or '{Routes.CertificateName}'"));
    }

    private static bool IsOurs(HostString host) => host.Host is Routes.Host or "localhost" or Routes.CertificateName;
}
