using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Opx.TestKit.Vault;

namespace Opx.Contract.Tests;

/// <summary>
/// The server under contract: the one that <c>OPX_TEST_VAULT_ADDR</c> and <c>OPX_TEST_VAULT_TOKEN</c> name (<c>OPX_TEST_BAO_…</c> for OpenBao;
/// <c>OPX_TEST_VAULT_CACERT</c> for an authority of its own), else the double. Everything is made through the server's own HTTP API, under names that nobody
/// else has, so that a server may be used again and again.
/// </summary>
internal sealed class ContractServer : IAsyncDisposable
{
    private readonly VaultDouble? _double;
    private readonly HttpClient _http;

    private ContractServer(string backend, string address, string token, string? authority, VaultDouble? server)
    {
        (Backend, Address, Authority, _double) = (backend, address, authority, server);
        _http = new HttpClient(Handler(authority)) { BaseAddress = new Uri(address.TrimEnd('/') + "/v1/") };
        _http.DefaultRequestHeaders.Add("X-Vault-Token", token);
    }

    /// <summary><c>vault</c> or <c>bao</c>.</summary>
    public string Backend { get; }

    public string Address { get; }

    /// <summary>The file of the server's authority.</summary>
    public string? Authority { get; }

    public bool IsDouble => _double is not null;

    /// <summary>A name of this run's own.</summary>
    public string Name { get; } = $"opx{Guid.NewGuid().ToString("n")[..10]}";

    public static async Task<ContractServer> StartAsync(string backend)
    {
        var prefix = $"OPX_TEST_{backend.ToUpperInvariant()}_";
        var address = Environment.GetEnvironmentVariable(prefix + "ADDR");
        if (address is { Length: > 0 })
        {
            var token = Environment.GetEnvironmentVariable(prefix + "TOKEN") ?? throw new InvalidOperationException($"{prefix}ADDR is set and {prefix}TOKEN is not");
            return new ContractServer(backend, address, token, Environment.GetEnvironmentVariable(prefix + "CACERT"), null);
        }

        var server = await VaultDouble.StartAsync(new VaultDoubleOptions(IsBao: backend == "bao"));
        return new ContractServer(backend, server.Address, server.RootToken, null, server);
    }

    /// <summary>A call as root.</summary>
    /// <returns>The answer's body; null where it has none.</returns>
    /// <exception cref="InvalidOperationException">The server refuses: the suite cannot prepare what it needs.</exception>
    public async Task<JsonNode?> AsRootAsync(string method, string path, JsonObject? body = null, string? wrapTtl = null)
    {
        var (status, answer) = await TryAsRootAsync(method, path, body, wrapTtl);
        return status < 400 ? answer : throw new InvalidOperationException($"{method} {path}: {status} {answer?["errors"]?.ToJsonString()}");
    }

    public async Task<(int Status, JsonNode? Answer)> TryAsRootAsync(string method, string path, JsonObject? body = null, string? wrapTtl = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (wrapTtl is not null)
            request.Headers.Add("X-Vault-Wrap-TTL", wrapTtl);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    /// <summary>A body that is not JSON.</summary>
    public Task<byte[]> BytesAsync(string path) => _http.GetByteArrayAsync(path, TestContext.Current.CancellationToken);

    /// <summary>A KV engine of this run's own.</summary>
    public async Task<string> MountKvAsync(int version)
    {
        var mount = $"{Name}-kv{version}";
        await AsRootAsync("POST", $"sys/mounts/{mount}", new JsonObject { ["type"] = "kv", ["options"] = new JsonObject { ["version"] = $"{version}" } });
        // A versioned engine is ready a moment after it is mounted.
        for (var tries = 0; version == 2 && tries < 200; tries++)
        {
            if ((await TryAsRootAsync("POST", $"{mount}/data/ready", new JsonObject { ["data"] = new JsonObject() })).Status < 400)
                break;
        }

        return mount;
    }

    public async Task<string> PolicyAsync(params (string Path, string Capability)[] rules)
    {
        var name = $"{Name}-{Guid.NewGuid().ToString("n")[..6]}";
        var text = string.Join('\n', rules.Select(rule => $"path \"{rule.Path}\" {{ capabilities = [\"{rule.Capability}\"] }}"));
        await AsRootAsync("POST", $"sys/policies/acl/{name}", new JsonObject { ["policy"] = text });
        return name;
    }

    public async Task<string> TokenAsync(string policy, string ttl = "10m")
    {
        var answer = await AsRootAsync("POST", "auth/token/create", new JsonObject { ["policies"] = new JsonArray(policy), ["ttl"] = ttl });
        return answer!["auth"]!["client_token"]!.GetValue<string>();
    }

    /// <summary>An auth method of this run's own.</summary>
    public async Task<string> EnableAsync(string type)
    {
        var mount = $"{Name}-{type}";
        await AsRootAsync("POST", $"sys/auth/{mount}", new JsonObject { ["type"] = type });
        return mount;
    }

    public async Task<bool> IsAliveAsync(string token) =>
        (await TryAsRootAsync("POST", "auth/token/lookup", new JsonObject { ["token"] = token })).Status < 400;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_double is not null)
            await _double.DisposeAsync();
    }

    private static HttpClientHandler Handler(string? authority)
    {
        if (authority is null)
            return new HttpClientHandler();
        var trusted = X509Certificate2.CreateFromPem(File.ReadAllText(authority, Encoding.ASCII));
        return new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, chain, _) =>
            {
                chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(trusted);
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                return chain.Build(certificate!);
            },
        };
    }
}
