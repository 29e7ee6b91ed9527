using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Backends.Vault.Leases;
using Opx.Daemon.Backends.Vault.Login;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>The references of a batch that lie at one path, with their places in the batch.</summary>
internal sealed record WantedPath(VaultPath Path, List<(int Index, string? Key)> Keys);

/// <summary>Reads paths: each once, several side by side, and what one of them comes to concerns its own keys only.</summary>
internal sealed class PathReads(VaultClient client, VaultMounts mounts, LeaseBook leases, string title)
{
    private const int SideBySide = 8;

    /// <summary>Puts an outcome where each key is wanted. Throws only when cancelled.</summary>
    /// <returns>The paths that were denied: their keys have no outcome yet.</returns>
    public async Task<List<WantedPath>> ReadAsync(
        IReadOnlyCollection<WantedPath> paths, VaultToken token, BackendOutcome?[] outcomes, CancellationToken cancellation)
    {
        var denied = new List<WantedPath>();
        var eightAtATime = new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellation };
        await Parallel.ForEachAsync(paths, eightAtATime, async (wanted, stop) =>
        {
            if (await ReadAsync(wanted, token, outcomes, stop))
                return;
            lock (denied)
                denied.Add(wanted);
        });
        return denied;
    }

    /// <summary>False where it was denied.</summary>
    private async Task<bool> ReadAsync(WantedPath wanted, VaultToken token, BackendOutcome?[] outcomes, CancellationToken cancellation)
    {
        var (path, isVersioned, failure) = await mounts.ResolveAsync(wanted.Path.Path, token.Value, cancellation);
        if (failure is null && wanted.Path.Version is not null && !isVersioned)
            failure = new BackendFailure(
                ErrorCode.UnsupportedRef,
                $"{title} keeps no versions at this path, or does not say that it does: leave ?version=… out of the reference");
        if (failure is not null)
        {
            Fail(wanted, outcomes, failure);
            return true;
        }

        var query = wanted.Path.Version is { } version ? $"?version={version}" : "";
        var call = new VaultCall("GET", VaultReference.Encode(path) + query) { Token = token.Value };
        var reply = await client.SendAsync(call, cancellation, references: wanted.Keys.Count);
        if (reply.Answer is not { } answer)
        {
            Fail(wanted, outcomes, reply.Failure!);
            return true;
        }

        if (VaultFailures.IsDenied(answer))
        {
            answer.Dispose();
            return false;
        }

        if (answer.Status is >= 200 and < 300)
        {
            Take(wanted, answer, isVersioned, outcomes);
            return true;
        }

        using (answer)
        {
            if (answer.Status == 404)
                mounts.Forget(wanted.Path.Path);
            Fail(wanted, outcomes, PathFailures.Of(answer, isVersioned, title));
        }

        return true;
    }

    private void Take(WantedPath wanted, VaultAnswer answer, bool isVersioned, BackendOutcome?[] outcomes)
    {
        using var data = SecretData.Of(answer, isVersioned, title, out var failure);
        if (data is null)
        {
            Fail(wanted, outcomes, failure!);
            return;
        }

        var lease = data.Lease is { } grant ? leases.Add(grant) : null;
        foreach (var (index, key) in wanted.Keys)
        {
            var (value, fault) = data.Read(key);
            if (value is not null && lease is not null)
                value = leases.Tie(lease, value);
            outcomes[index] = new BackendOutcome(value, fault, data.KeepFor);
        }

        if (lease is not null)
            leases.Settle(lease);
    }

    private static void Fail(WantedPath wanted, BackendOutcome?[] outcomes, BackendFailure failure)
    {
        foreach (var (index, _) in wanted.Keys)
            outcomes[index] = BackendOutcome.Of(failure);
    }
}
