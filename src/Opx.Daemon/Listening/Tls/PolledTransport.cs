using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opx.Daemon.Interop;
using Opx.Daemon.Listening.Polling;

namespace Opx.Daemon.Listening.Tls;

/// <summary>
/// The system's OpenSSL straight on the socket, on one thread. Through Kestrel's sockets and <see cref="System.Net.Security.SslStream"/> every byte goes over two more
/// pipes and a handshake over four more changes of thread: a quarter of a new connection and of a request.
/// </summary>
internal sealed class PolledTransport(TransportParts parts) : ITransport
{
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    private readonly Poller _poller = new();
    private readonly OfCertificate<TlsContextHandle> _context = new(parts.Certificate, TlsContext.For);
    private PolledListener? _listener;

    public void Carry(IWebHostBuilder host, ILogger log)
    {
        _listener = new PolledListener(parts.Socket, _poller, log);
        host.ConfigureServices(services => services.AddSingleton<IConnectionListenerFactory>(_listener));
    }

    public void Run(ListenOptions listen) => _listener!.Run(listen);

    public void UseTls(ListenOptions listen) => listen.Use(next => connection => InvokeAsync(connection, next));

    public void Dispose() => _poller.Dispose();

    private async Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        await using var tls = new TlsPipe(connection.Features.GetRequiredFeature<PolledConnection>(), _context.Current, parts.Memory);
        if (!await GreetAsync(connection, tls))
            return;
        connection.Transport = tls;
        await using (parts.IsLate.UnsafeRegister(static tls => ((TlsPipe)tls!).Goodbye(), tls))
            await next(connection);
    }

    private static async Task<bool> GreetAsync(ConnectionContext connection, TlsPipe tls)
    {
        // By the system's clock whatever ours is: it is the client's time.
        await using var limit = TimeProvider.System.CreateTimer(
            static connection => ((ConnectionContext)connection!).Abort(new ConnectionAbortedException("the handshake took too long")),
            connection,
            HandshakeTime,
            Timeout.InfiniteTimeSpan);
        return await tls.GreetAsync();
    }
}
