using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Opx.Daemon.Identity;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>Whose request led to an event that is no read.</summary>
internal sealed record Asker(string RequestId, AuditPeer Peer)
{
    /// <summary>Null where nothing is recorded: who asks is not looked at then.</summary>
    public static async ValueTask<Asker?> OfAsync(HttpContext context, IAuditLog log)
    {
        if (!log.IsOn)
            return null;
        var peer = context.Features.GetRequiredFeature<Peer>();
        var who = peer.Identity is { } identity ? await identity.CurrentAsync(PeerRecord.Needs) : null;
        return new Asker(context.TraceIdentifier, PeerRecord.Of(peer, who));
    }

    public AuditEvent Event(string kind) => new(kind) { RequestId = RequestId, Peer = Peer };
}
