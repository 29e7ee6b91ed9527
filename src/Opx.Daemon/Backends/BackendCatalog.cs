using Opx.Daemon.Backends.Fake;
using Opx.Daemon.Options;

namespace Opx.Daemon.Backends;

/// <summary>Makes the backends that the configuration asks for, and no others.</summary>
internal static class BackendCatalog
{
    public static IReadOnlyDictionary<BackendKind, ISecretBackend> Create(DaemonOptions options, TimeProvider clock)
    {
        BackendKind[] wanted = options.Backend == BackendKind.Multi ? [BackendKind.OpCli, BackendKind.Vault, BackendKind.Bao] : [options.Backend];
        return wanted.ToDictionary(kind => kind, kind => Create(kind, options, clock));
    }

    private static ISecretBackend Create(BackendKind kind, DaemonOptions options, TimeProvider clock) => kind switch
    {
        BackendKind.Fake => new FakeBackend(clock),
        BackendKind.Vault => new UnconfiguredBackend("vault", "this version of opx does not read from HashiCorp Vault yet"),
        BackendKind.Bao => new UnconfiguredBackend("bao", "this version of opx does not read from OpenBao yet"),
        _ => new UnconfiguredBackend("opcli", "wiring"),
    };
}
