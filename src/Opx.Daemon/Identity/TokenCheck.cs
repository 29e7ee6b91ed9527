using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Opx.Daemon.Audit;
using Opx.Daemon.Endpoints;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Identity;

/// <summary>The second half of knowing who asks: every request carries the token, and it is compared before anything of the body is read.</summary>
/// <param name="file">Where clients find it.</param>
internal sealed class TokenCheck(string token, string file, IAuditLog audit) : IAsyncDisposable
{
    // Guessing is hopeless anyway; the bucket keeps a broken client from filling the log and the processor. It answers only those whose
    // token is wrong, so it never costs anybody else a request.
    private readonly TokenBucketRateLimiter _failures = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = 100,
        TokensPerPeriod = 10,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    });

    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        IsRight(context.Request.Headers[Routes.TokenHeader]) ? next(context) : RefuseAsync(context);

    private bool IsRight(Microsoft.Extensions.Primitives.StringValues header) =>
        header is [{ } given] && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(given.AsSpan()), MemoryMarshal.AsBytes(token.AsSpan()));

    private async Task RefuseAsync(HttpContext context)
    {
        var isMissing = context.Request.Headers[Routes.TokenHeader].Count == 0;
        if (!_failures.AttemptAcquire().IsAcquired)
        {
            var tooMany = new Problem(ErrorCode.RateLimited, "too many requests with a wrong token", RetryAfter: TimeSpan.FromSeconds(1));
            await ProblemResponse.WriteAsync(context, tooMany);
            return;
        }

        if (await Asker.OfAsync(context, audit) is { } asker)
        {
            audit.Append(asker.Event(AuditEvents.Authentication) with
            {
                Decision = AuditEvent.Deny,
                Reason = isMissing ? "no token" : "wrong token",
                Outcome = ErrorCode.Unauthorized.Name(),
            });
        }

        await ProblemResponse.WriteAsync(context, new Problem(ErrorCode.Unauthorized, isMissing
            ? $"the request came without the token: send what the file '{file}' holds in the header {Routes.TokenHeader}"
            : $"the request came with another token than this daemon's: if '{file}' was changed while the daemon ran, run 'opx daemon restart'"));
    }

    public ValueTask DisposeAsync() => _failures.DisposeAsync();
}
