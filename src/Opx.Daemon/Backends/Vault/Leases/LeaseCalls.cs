using Opx.Daemon.Backends.Vault.Login;

namespace Opx.Daemon.Backends.Vault.Leases;

/// <summary>What the server says to a renewal.</summary>
/// <param name="IsGone">It knows no such lease: it was revoked, with its token perhaps.</param>
/// <param name="Life">From now on; null for a lease that is not renewed and is good until its end.</param>
internal readonly record struct LeaseRenewal(bool IsGone, TimeSpan? Life);

/// <summary>What is said to the server of leases.</summary>
internal sealed class LeaseCalls(VaultClient client, TimeProvider clock)
{
    private static readonly TimeSpan RenewLimit = TimeSpan.FromSeconds(20);
    private const int SideBySide = 8;

    /// <summary>Null where nobody answers: there is some time left.</summary>
    public async Task<LeaseRenewal?> RenewAsync(Lease lease, VaultToken? token)
    {
        if (token is null || !token.Value.TryHold())
            return null;
        using var held = token.Value;
        try
        {
            using var limit = new CancellationTokenSource(RenewLimit, clock);
            using var body = new JsonBody().Add("lease_id", lease.Id).Add("increment", $"{lease.Duration.TotalSeconds:0}");
            var reply = await client.SendAsync(new VaultCall("POST", "sys/leases/renew") { Token = held, Body = body }, limit.Token);
            using var answer = reply.Answer;
            if (answer is null)
                return null;
            return answer is { Status: 200 } && JsonScan.IsObject(answer.Body.Bytes)
                ? new LeaseRenewal(false, LoginCall.Life(JsonScan.Find(answer.Body.Bytes, "lease_duration")))
                : new LeaseRenewal(answer.Status == 400 && answer.Body.Bytes.IndexOf("lease not found"u8) >= 0, null);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Gives leases back, as many as can be in the time. Holds the token while it does.</summary>
    public async Task RevokeAsync(IReadOnlyCollection<Lease> leases, VaultToken? token, TimeSpan limit)
    {
        if (leases.Count == 0 || token is null || !token.Value.TryHold())
            return;
        using var held = token.Value;
        try
        {
            using var timer = new CancellationTokenSource(limit, clock);
            var eightAtATime = new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = timer.Token };
            await Parallel.ForEachAsync(leases, eightAtATime, async (lease, cancellation) =>
            {
                using var body = new JsonBody().Add("lease_id", lease.Id);
                var call = new VaultCall("POST", "sys/leases/revoke") { Token = held, Body = body };
                (await client.SendAsync(call, cancellation)).Answer?.Dispose();
            });
        }
        catch (OperationCanceledException)
        {
            // They run out by themselves.
        }
    }
}
