using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Daemon.Sessions;

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
        SecretCache cache,
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
                cache.Prolong,
                options.EffectiveTimeToLive,
                calls,
                clock));
            session.Locked += vault.Lock;
            flights.Invalidated += vault.Retire;
        }

        return new AttachedVaults(router);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(router.Vaults.Select(vault => vault.StopAsync()));
        foreach (var vault in router.Vaults)
            vault.Dispose();
    }
}
