using Microsoft.AspNetCore.Http;
using Opx.Daemon.Audit;
using Opx.Daemon.Secrets;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Endpoints;

/// <summary><c>/v1/invalidate</c>: drops what is kept, for every account.</summary>
internal sealed class InvalidateEndpoint(SingleFlight flights, IAuditLog audit, TimeProvider clock)
{
    public async Task InvalidateAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, InvalidateRequest.Parse, clock) is not { } request)
            return;
        var removed = flights.Invalidate(request.All ? null : request.Refs.ToHashSet());
        if (await Asker.OfAsync(context, audit) is { } asker)
        {
            audit.Append(asker.Event(AuditEvents.Cache) with
            {
                Reference = !request.All && request.Refs is [var reference] ? reference : null,
                Reason = request.All ? "invalidate everything" : $"invalidate {request.Refs.Count} references",
                Outcome = $"{removed} removed",
            });
        }

        await JsonResponse.WriteAsync(context, new InvalidateResponse(removed).Write);
    }
}
