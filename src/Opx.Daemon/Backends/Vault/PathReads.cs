using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Backends.Vault.Leases;
using Opx.Daemon.Backends.Vault.Login;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>One reference of a batch.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Key">Null for the whole secret.</param>
/// <param name="IsFresh">Nothing that was asked for earlier will do.</param>
internal readonly record struct WantedKey(int Index, string Reference, string? Key, bool IsFresh);

/// <summary>The references of a batch that lie at one path.</summary>
/// <param name="Came">When, as <see cref="LeaseBook.Stamp"/> counts.</param>
internal sealed record WantedPath(VaultPath Path, List<WantedKey> Keys, long Came)
{
    public bool IsFresh => Keys.Exists(key => key.IsFresh);
}

/// <summary>Reads paths: each once, several side by side, and what one of them comes to concerns its own keys only.</summary>
internal sealed class PathReads(VaultClient client, VaultMounts mounts, LeaseBook leases, string title)
{
    private const int SideBySide = 8;

    private readonly PathTurns _turns = new();

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
        if (leases.TryAnswer(wanted, outcomes))
            return true;
        var (mounted, failure) = await mounts.ResolveAsync(wanted.Path.Path, token.Value, cancellation);
        if (failure is null && wanted.Path.Version is not null && !mounted.IsVersioned && !mounted.MayBeVersioned)
            failure = new BackendFailure(
                ErrorCode.UnsupportedRef,
                $"{title} keeps no versions at this path, or does not say that it does: leave ?version=… out of the reference");
        if (failure is not null)
        {
            Fail(wanted, outcomes, failure);
            return true;
        }

        using var turn = mounted.MayLease ? await _turns.TakeAsync(wanted.Path, cancellation) : null;
        return leases.TryAnswer(wanted, outcomes) || await AskAsync(wanted, mounted, token, outcomes, cancellation);
    }

    /// <summary>False where it was denied.</summary>
    private async Task<bool> AskAsync(
        WantedPath wanted, MountedPath mounted, VaultToken token, BackendOutcome?[] outcomes, CancellationToken cancellation)
    {
        var asked = leases.Stamp();
        var query = wanted.Path.Version is { } version ? $"?version={version}" : "";
        var call = new VaultCall("GET", VaultReference.Encode(mounted.Path) + query) { Token = token.Value };
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
            Take(wanted, answer, mounted, asked, outcomes);
            return true;
        }

        using (answer)
        {
            if (answer.Status == 404)
                mounts.Forget(wanted.Path.Path);
            Fail(wanted, outcomes, PathFailures.Of(answer, mounted.IsVersioned || mounted.MayBeVersioned, title));
        }

        return true;
    }

    private void Take(WantedPath wanted, VaultAnswer answer, MountedPath mounted, long asked, BackendOutcome?[] outcomes)
    {
        var data = SecretData.Of(answer, mounted, title, out var failure);
        if (data is null)
        {
            Fail(wanted, outcomes, failure!);
            return;
        }

        if (data.Lease is not null)
        {
            leases.Take(wanted, data, asked, outcomes);
            return;
        }

        using (data)
        {
            foreach (var key in wanted.Keys)
            {
                var (value, fault) = data.Read(key.Key);
                outcomes[key.Index] = new BackendOutcome(value, fault, data.KeepFor);
            }
        }
    }

    private static void Fail(WantedPath wanted, BackendOutcome?[] outcomes, BackendFailure failure)
    {
        foreach (var key in wanted.Keys)
            outcomes[key.Index] = BackendOutcome.Of(failure);
    }
}
