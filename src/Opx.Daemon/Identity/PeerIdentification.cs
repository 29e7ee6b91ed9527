using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Identity;

/// <summary>
/// A connection's first stage, on the raw socket: whoever runs as another user is closed here, and who asks is looked at here, before the
/// peer can do more than connect. What the kernel says is kept with the connection, so it holds for every request on it.
/// </summary>
/// <param name="needs">How much about a caller has to be known at present.</param>
internal sealed class PeerIdentification(uint owner, CallerLookup lookup, Func<IdentityNeeds> needs)
{
    public async Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var socket = connection.Features.Get<SafeHandle>() ?? connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.SafeHandle;
        if (CredentialsOf(socket) is not { } credentials || credentials.UserId != owner)
        {
            connection.Abort(new ConnectionAbortedException("the peer is another user"));
            return;
        }

        var peer = new Peer(credentials.ProcessId, credentials.UserId, credentials.GroupId);
        using var identity = new PeerIdentity(peer, socket, lookup);
        if (needs() is not IdentityNeeds.None and var wanted)
            identity.Begin(wanted);
        connection.Features.Set(peer with { Identity = identity });
        await next(connection);
    }

    private static PeerCredentials? CredentialsOf(SafeHandle socket)
    {
        try
        {
            return PeerCredentials.Of(socket);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return null;
        }
    }
}
