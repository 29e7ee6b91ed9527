using Opx.Daemon.Identity;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>How whoever asks stands in a record: the caller, and the client it asked through; where it is not known, the peer alone.</summary>
internal static class PeerRecord
{
    public static AuditPeer Of(Peer peer, Identification? who = null) => who?.Process is { } process
        ? new(process.Caller.ProcessId, process.Caller.Path, process.Caller.UserId, process.Caller.GroupId, process.Via, process.Caller.Script)
        : new(peer.ProcessId, Path: null, peer.UserId, peer.GroupId);
}
