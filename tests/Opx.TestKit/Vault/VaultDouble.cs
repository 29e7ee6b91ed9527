using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Opx.TestKit.Vault.Faults;

namespace Opx.TestKit.Vault;

/// <param name="IsBao">OpenBao 2.x in place of Vault 1.2x.</param>
/// <param name="Certificate">https with this certificate; null for http.</param>
/// <param name="Port">0 for any.</param>
internal sealed record VaultDoubleOptions(bool IsBao = false, DoubleCertificate? Certificate = null, int Port = 0, string? RootToken = null, TimeProvider? Clock = null);

/// <summary>
/// A Vault or OpenBao server that answers as theirs do, on Kestrel, on loopback, with what <c>server -dev</c> mounts: <c>secret/</c> (KV v2) and
/// <c>cubbyhole/</c>. In process it is <see cref="StartAsync"/>; scripts run it as <c>tool vault</c>. It fails on command (<see cref="Faults"/>) and counts what
/// it is asked (<see cref="Counters"/>).
/// </summary>
internal sealed class VaultDouble : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();

    private VaultDouble(WebApplication app, VaultCore core, SteppedClock clock, DoubleCertificate? certificate)
    {
        (_app, Core, Clock, Certificate) = (app, core, clock, certificate);
        Faults = new FaultList();
    }

    /// <summary><c>http://127.0.0.1:PORT</c>, or <c>https://localhost:PORT</c>.</summary>
    public string Address => Core.Address;

    public int Port { get; private set; }

    public string RootToken { get; private init; } = "";

    public VaultCore Core { get; }

    public SteppedClock Clock { get; }

    public FaultList Faults { get; }

    public CallCounters Counters => Core.Counters;

    public DoubleCertificate? Certificate { get; }

    /// <summary>Signs the tokens that logins by jwt and kubernetes are tried with.</summary>
    public ECDsa Issuer { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Ends with the server: what hangs on command hangs until then.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public static async Task<VaultDouble> StartAsync(VaultDoubleOptions? options = null)
    {
        options ??= new();
        var clock = new SteppedClock(options.Clock ?? TimeProvider.System);
        var root = options.RootToken ?? (options.IsBao ? "s." : "hvs.") + Fresh.Text(24);
        var core = new VaultCore(clock, options.IsBao, root);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (options.Certificate is { } certificate)
                    listen.UseHttps(https => Configure(https, certificate));
            });
        });
        var app = builder.Build();
        var server = new VaultDouble(app, core, clock, options.Certificate) { RootToken = root };
        app.Run(new VaultRequests(server).HandleAsync);
        await app.StartAsync();
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Port = new Uri(bound).Port;
        core.Address = options.Certificate is null ? $"http://127.0.0.1:{server.Port}" : $"https://localhost:{server.Port}";
        return server;
    }

    /// <summary>A call as root, past the network, the counters and the faults: how tests prepare what is there.</summary>
    /// <param name="path">Behind <c>/v1/</c>.</param>
    /// <exception cref="InvalidOperationException">It was refused: the preparation is wrong.</exception>
    public JsonNode? AsRoot(string method, string path, string body = "{}", string @namespace = "")
    {
        var call = new VaultCall(method, path, "", @namespace, RootToken, new Dictionary<string, string>(), (JsonObject)JsonNode.Parse(body)!);
        var (answer, bytes) = Core.Handle(call, isCounted: false);
        var text = Encoding.UTF8.GetString(bytes);
        if (answer.Status >= 400)
            throw new InvalidOperationException($"{method} {path}: {answer.Status} {text}");
        return answer.Status == 204 || answer.ContentType != "application/json" ? null : JsonNode.Parse(text);
    }

    /// <summary>A new token with these policies.</summary>
    public string TokenFor(string policies, string ttl = "1h", bool renewable = true) =>
        AsRoot("POST", "auth/token/create", $$"""{"policies":"{{policies}}","ttl":"{{ttl}}","renewable":{{(renewable ? "true" : "false")}}}""")!["auth"]!["client_token"]!.GetValue<string>();

    /// <summary>Ends every token but the root's: what a client holds is worth nothing any more.</summary>
    public int KillTokens() => Core.Alone(() =>
    {
        var tokens = Core.Tokens.All.Where(token => !token.IsRoot && token.Wrapped is null).ToList();
        tokens.ForEach(Core.Tokens.Revoke);
        return tokens.Count;
    });

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
        Issuer.Dispose();
    }

    private static void Configure(HttpsConnectionAdapterOptions https, DoubleCertificate certificate)
    {
        https.ServerCertificate = certificate.Server;
        https.ServerCertificateChain = [certificate.Authority];
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        // Who it is, the method cert decides; TLS lets everybody in, as Vault's listener does.
        https.ClientCertificateValidation = (X509Certificate2 _, X509Chain? _, System.Net.Security.SslPolicyErrors _) => true;
    }
}
