using Opx.Daemon.Backends.Vault.Exchange;

namespace Opx.Daemon.Backends.Vault;

/// <summary>The server that is spoken to, and how.</summary>
/// <param name="Namespace">Null for none.</param>
internal sealed record VaultServer(VaultAddress Address, string? Namespace, ServerTrust Trust);
