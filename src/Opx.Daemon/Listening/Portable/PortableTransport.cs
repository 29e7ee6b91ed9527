using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Opx.Daemon.Listening.Portable;

/// <summary>Kestrel's own sockets, and <see cref="SslStream"/>: wherever .NET runs.</summary>
internal sealed class PortableTransport(TransportParts parts) : ITransport
{
    private readonly OfCertificate<SslServerAuthenticationOptions> _options = new(parts.Certificate, Options);
    private readonly TlsFarewell _farewell = new(parts.Clock, parts.IsLate);

    public void Carry(IWebHostBuilder host, ILogger log) => host.UseSockets(transport =>
    {
        transport.Backlog = ListeningSocket.Backlog;
        transport.CreateBoundListenSocket = _ => parts.Socket;
        // With DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS a request that the cache can answer is read, answered and written without
        // a change of thread.
        transport.UnsafePreferInlineScheduling = true;
    });

    public void Run(ListenOptions listen)
    {
        // Kestrel does.
    }

    public void UseTls(ListenOptions listen)
    {
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(_options.Current) });
        listen.Use(next => connection => _farewell.InvokeAsync(connection, next));
    }

    public void Dispose()
    {
    }

    private static SslServerAuthenticationOptions Options(X509Certificate2 certificate) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
        ClientCertificateRequired = false,
    };
}
