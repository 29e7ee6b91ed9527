using Microsoft.AspNetCore.Http;
using Opx.Daemon.Access;
using Opx.Daemon.Backends;
using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Daemon.Secrets.OnDisk;
using Opx.Daemon.Sessions;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary><c>/v1/status</c>: what the daemon does and how it is, without a secret and without asking anybody.</summary>
internal sealed class StatusEndpoint(
    DaemonOptions options,
    BackendRouter router,
    SecretReader reader,
    SecretCache cache,
    DiskCache? disk,
    DesktopWatch? desktop,
    SingleFlight flights,
    Session session,
    PolicyInForce policy,
    TimeProvider clock)
{
    private readonly long _started = clock.GetTimestamp();

    public async Task StatusAsync(HttpContext context)
    {
        RequestBody.Complete(context, clock);
        await JsonResponse.WriteAsync(context, Current(await policy.CurrentAsync()).Write);
    }

    private StatusResponse Current(PolicyState state)
    {
        // First: who looks may find that it has been idle for too long, and what the cache held is gone then.
        var current = session.Status();
        return new StatusResponse(
            router.Name,
            DaemonVersion.Text,
            (long)clock.GetElapsedTime(_started).TotalSeconds,
            cache.Count,
            reader.Hits,
            reader.Misses,
            flights.Coalesced,
            reader.Batches,
            flights.Count,
            (int)options.EffectiveTimeToLive.TotalSeconds,
            options.Paths.SocketPath,
            policy.File,
            state.Exists,
            state.RuleCount,
            state.Fault?.ToString(),
            current,
            [.. router.Status().Select(WithCircuit)])
        {
            Arguments = options.Arguments,
            DiskCacheKey = disk?.Key,
            DiskCacheFault = disk?.Fault,
            FollowsDesktop = desktop?.IsWatching,
            AllocatedBytes = GC.GetTotalAllocatedBytes(),
            Stale = options.StaleWhileRevalidate > TimeSpan.Zero
                ? new StaleStatus(
                    (long)options.StaleWhileRevalidate.TotalSeconds,
                    reader.Revalidation.Failures,
                    reader.Revalidation.LastFailure,
                    reader.Revalidation.LastFailureAtUnix)
                : null,
        };
    }

    private BackendStatus WithCircuit(BackendStatus backend) => reader.Tripped(backend.Name) is { } failure
        ? backend with { State = failure.Code == ErrorCode.RateLimited ? "rate_limited" : "unavailable", Detail = failure.Detail }
        : backend;
}
