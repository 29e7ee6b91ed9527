using Microsoft.AspNetCore.Http;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary><c>/v1/invalidate</c>: drops what is kept, for every account.</summary>
internal sealed class InvalidateEndpoint(SingleFlight flights, TimeProvider clock)
{
    public async Task InvalidateAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, InvalidateRequest.Parse, clock) is not { } request)
            return;
        var removed = flights.Invalidate(request.All ? null : request.Refs.ToHashSet());
        await JsonResponse.WriteAsync(context, new InvalidateResponse(removed).Write);
    }
}
