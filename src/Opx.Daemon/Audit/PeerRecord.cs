using Opx.Daemon.Identity;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>How a caller stands in a record.</summary>
internal static class PeerRecord
{
    /// <summary>What has to be known of a caller for its records: the editor makes rules of them, and one for an interpreter needs its script.</summary>
    public const IdentityNeeds Needs = IdentityNeeds.Program | IdentityNeeds.Script;

    /// <summary>The caller, or the peer where nobody knows for whom it asks.</summary>
    public static AuditPeer Of(Peer peer, Identification? who) => who?.Process is { } process
        ? new AuditPeer(
            process.Caller.ProcessId, process.Caller.Path, process.Caller.UserId, process.Caller.GroupId, process.Via, process.Caller.Script)
        : new AuditPeer(peer.ProcessId, Path: null, peer.UserId, peer.GroupId);

    /// <summary>That somebody could not be identified is recorded also where no policy asks.</summary>
    public static string Reason(string reason, Identification? who) =>
        who?.Fault is { } fault && !reason.Contains(fault, StringComparison.Ordinal) ? $"{reason}; unidentified: {fault}" : reason;
}
