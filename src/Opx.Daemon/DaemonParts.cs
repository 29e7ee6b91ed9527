using Opx.Daemon.Access;
using Opx.Daemon.Backends;
using Opx.Daemon.Options;

namespace Opx.Daemon;

/// <summary>The parts of a daemon that come from outside: what tests stand in for.</summary>
internal sealed record DaemonParts(
    TimeProvider Clock, TextWriter Log, Func<string, string?> Environment, Func<IReadOnlyDictionary<BackendKind, ISecretBackend>> Backends)
{
    public IAccessGate Access { get; init; } = new AllowSameUser();
}
