using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Identity;

/// <summary>The process at the other end of a connection, as the kernel named it before the first byte of TLS.</summary>
internal sealed record Peer(int ProcessId, uint UserId, uint GroupId);

/// <summary>
/// A connection's first stage, on the raw socket: whoever runs as another user is closed here. What the kernel says is kept with the
/// connection, so it holds for every request on it.
/// </summary>
internal sealed class PeerIdentification(uint owner)
{
    public Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (Identify(connection) is not { } peer || peer.UserId != owner)
        {
            connection.Abort(new ConnectionAbortedException("the peer is another user"));
            return Task.CompletedTask;
        }

        connection.Features.Set(peer);
        return next(connection);
    }

    private static Peer? Identify(ConnectionContext connection)
    {
        try
        {
            var credentials = PeerCredentials.Of(connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket);
            return new Peer(credentials.ProcessId, credentials.UserId, credentials.GroupId);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return null;
        }
    }
}
