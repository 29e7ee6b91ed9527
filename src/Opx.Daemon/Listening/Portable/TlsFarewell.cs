using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Opx.Daemon.Listening.Portable;

/// <summary>
/// Ends TLS as the protocol wants it, with <c>close_notify</c>: Kestrel just closes, which a client cannot tell from an answer that was cut
/// off, and to which OpenSSL replies with an alert that kills a client that does not ignore SIGPIPE.
/// </summary>
/// <param name="isLate">The daemon stops and waits no longer: who has not been answered is told goodbye, and asks the next daemon.</param>
internal sealed class TlsFarewell(TimeProvider clock, CancellationToken isLate)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        await using (isLate.UnsafeRegister(_ => _ = ShutAsync(connection), null))
            await next(connection);
        await ShutAsync(connection);
    }

    private async Task ShutAsync(ConnectionContext connection)
    {
        if (connection.ConnectionClosed.IsCancellationRequested || connection.Features.Get<ISslStreamFeature>() is not { } tls)
            return;
        try
        {
            await tls.SslStream.ShutdownAsync().WaitAsync(Patience, clock);
        }
        catch (Exception error) when (error is IOException or TimeoutException or InvalidOperationException or NotSupportedException or ConnectionAbortedException)
        {
            // The client has gone without waiting for it, or is being answered at this moment.
        }
    }
}
