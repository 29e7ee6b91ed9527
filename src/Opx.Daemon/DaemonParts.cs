using Opx.Daemon.Access;
using Opx.Daemon.Backends;
using Opx.Daemon.Identity;
using Opx.Daemon.Listening;
using Opx.Daemon.Options;

namespace Opx.Daemon;

/// <summary>The parts of a daemon that come from outside: what tests stand in for.</summary>
internal sealed record DaemonParts(
    TimeProvider Clock, TextWriter Log, Func<string, string?> Environment, Func<IReadOnlyDictionary<BackendKind, ISecretBackend>> Backends)
{
    /// <summary>What decides in place of the policy file; null for that.</summary>
    public IAccessGate? Access { get; init; }

    public Func<TransportParts, ITransport> Transport { get; init; } = Transports.OfThisSystem;

    public IProcessTable Processes { get; init; } = OperatingSystem.IsMacOS() ? new MacOSProcesses() : new LinuxProcesses();
}
