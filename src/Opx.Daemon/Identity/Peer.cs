namespace Opx.Daemon.Identity;

/// <summary>The process at the other end of a connection, as the kernel named it before the first byte of TLS.</summary>
internal sealed record Peer(int ProcessId, uint UserId, uint GroupId)
{
    /// <summary>
    /// On whose behalf it asks, to be established where somebody wants to know; null where there is no connection behind it.
    /// </summary>
    public PeerIdentity? Identity { get; init; }
}
