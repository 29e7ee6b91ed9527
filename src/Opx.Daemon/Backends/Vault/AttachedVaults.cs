using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Daemon.Sessions;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>
/// Vault and OpenBao among the daemon's other parts: they read their own credentials through it, and follow its locks and its end.
/// </summary>
internal sealed class AttachedVaults(BackendRouter router) : IAsyncDisposable
{
    public static AttachedVaults Attach(
        BackendRouter router,
        SecretReader reader,
        SingleFlight flights,
        Session session,
        DaemonOptions options,
        TimeProvider clock)
    {
        foreach (var vault in router.Vaults)
        {
            vault.Attach(calls => new VaultWorld(
                async (references, cancellation) => await reader.ReadOwnAsync(references, cancellation),
                async (reference, cancellation) =>
                    router.Route(reference, out _) is { } backend ? await backend.CheckSignInAsync(null, cancellation) : null,
                references => LoginCircle.Find(vault, references, router),
                references => flights.Forget(references),
                options.EffectiveTimeToLive > TimeSpan.Zero ? options.Limits.CacheBytes : 0,
                calls,
                clock));
            session.Locked += vault.Lock;
            flights.Invalidated += references => vault.Invalidate(references is null ? null : Paths(references, vault, router));
        }

        return new AttachedVaults(router);
    }

    private static HashSet<VaultPath> Paths(IReadOnlySet<string> references, VaultBackend vault, BackendRouter router) =>
    [
        .. references
            .Select(text => SecretReference.Parse(text, out _))
            .Where(reference => reference is not null && router.Route(reference, out _) == vault)
            .Select(reference => VaultReference.Parse(reference!, out _)?.Path)
            .OfType<VaultPath>(),
    ];

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(router.Vaults.Select(vault => vault.StopAsync()));
        foreach (var vault in router.Vaults)
            vault.Dispose();
    }
}
