using Opx.Daemon.Backends.Fake;
using Opx.Daemon.Backends.OnePassword;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Interop;
using Opx.Daemon.Options;
using Opx.Protocol;

namespace Opx.Daemon.Backends;

/// <summary>Makes the backends that the configuration asks for, and no others.</summary>
internal static class BackendCatalog
{
    public static IReadOnlyDictionary<BackendKind, ISecretBackend> Create(
        DaemonOptions options, IReadOnlyDictionary<string, string> environment, TimeProvider clock)
    {
        BackendKind[] wanted = options.Backend == BackendKind.Multi ? [BackendKind.OpCli, BackendKind.Vault, BackendKind.Bao] : [options.Backend];
        return wanted.ToDictionary(kind => kind, kind => Create(kind, options, environment, clock));
    }

    private static ISecretBackend Create(
        BackendKind kind, DaemonOptions options, IReadOnlyDictionary<string, string> environment, TimeProvider clock) => kind switch
        {
            BackendKind.Fake => new FakeBackend(clock),
            BackendKind.Vault => Vault(new VaultSettings("vault", options.Vault, environment), clock),
            BackendKind.Bao => Vault(new VaultSettings("bao", options.Bao, environment), clock),
            _ => OnePassword(options, environment, clock),
        };

    private static VaultBackend Vault(VaultSettings settings, TimeProvider clock)
    {
        var program = new WorkerProgram(Environment.ProcessPath!, WorkerProgram.EnvironmentOf(settings.Environment));
        return new VaultBackend(settings, trust => new WorkerExchange(program, trust, clock), clock);
    }

    private static OnePasswordBackend OnePassword(DaemonOptions options, IReadOnlyDictionary<string, string> environment, TimeProvider clock)
    {
        // Our client, which may stand on the path under the name of op: it would ask us, and we would ask it.
        var client = Path.Combine(Path.GetDirectoryName(Environment.ProcessPath)!, "opx");
        var op = OpExecutable.Find(
            environment.GetValueOrDefault(EnvironmentNames.OpPath), options.OpPath, environment.GetValueOrDefault(EnvironmentNames.Path), client);
        return new OnePasswordBackend(new OnePasswordOptions(op.Path, op.NotFoundReason, environment), new ProcessRunner(), clock);
    }
}
