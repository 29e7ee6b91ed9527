// opx-bench-bare DIR SOCKET: DIR holds tls.crt and tls.key.
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Opx.Protocol.Interop;

Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
SystemTrustStore.Bypass();
using var tickets = SessionTickets.SwitchOff(Environment.GetEnvironmentVariable);

using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(args[0], "tls.crt"), Path.Combine(args[0], "tls.key"));
var tls = new SslServerAuthenticationOptions
{
    ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
    ApplicationProtocols = [SslApplicationProtocol.Http11],
    ClientCertificateRequired = false,
};

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.Services.AddRoutingCore();
builder.WebHost.UseKestrelCore();
builder.WebHost.UseSockets(transport => transport.UnsafePreferInlineScheduling = true);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(new UnixDomainSocketEndPoint(args[1]), listen =>
    {
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls) });
        listen.Protocols = HttpProtocols.Http1;
    });
});

var answer = """{"ref":"op://bench/item/field","value":"fake_8ce41da0b5d6d6bd","from_cache":true,"expires_in_seconds":99979,"resolved_at_unix":1795758376}"""u8.ToArray();
await using var app = builder.Build();
app.UseRouting();
app.MapMethods("/v1/read", [HttpMethods.Post], async (HttpContext context) =>
{
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = answer.Length;
    await context.Response.Body.WriteAsync(answer);
});
await app.RunAsync();
