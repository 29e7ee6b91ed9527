using System.Text;
using System.Text.Json.Nodes;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Contract.Tests;

/// <summary>The whole daemon in process, with the server under contract as its only server, and credentials in a "1Password" that is a dictionary.</summary>
internal sealed class ContractDaemon : IAsyncDisposable
{
    private readonly DaemonUnderTest _daemon;
    private readonly string _backend;

    private ContractDaemon(DaemonUnderTest daemon, string backend, Credentials credentials) => (_daemon, _backend, Own) = (daemon, backend, credentials);

    /// <summary>What <c>op://…</c> references are.</summary>
    public Credentials Own { get; }

    /// <param name="token">As in <c>VAULT_TOKEN</c>; null for none.</param>
    public static async Task<ContractDaemon> StartAsync(ContractServer server, string? token = null, string? space = null)
    {
        var environment = token is null ? new Dictionary<string, string>() : new() { [EnvironmentNames.VaultToken] = token };
        var options = new VaultOptions { Address = server.Address, CaCert = server.Authority, Namespace = space };
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        var own = new Credentials();
        var backend = new VaultBackend(new VaultSettings(server.Backend, options, environment), trust => new HttpExchange(trust), clock);
        var daemon = await DaemonUnderTest.StartAsync(
            clock: clock,
            options: given => given with { Backend = BackendKind.Multi },
            backends: new Dictionary<BackendKind, ISecretBackend>
            {
                [BackendKind.OpCli] = own,
                [server.Backend == "bao" ? BackendKind.Bao : BackendKind.Vault] = backend,
            });
        return new ContractDaemon(daemon, server.Backend, own);
    }

    /// <summary>The value, or in brackets the code of the failure: what is compared in a test.</summary>
    public async Task<string> ReadAsync(string path)
    {
        var answer = await _daemon.ReadAsync($"{_backend}://{path}", fresh: true);
        return answer.Status == 200 ? Value(answer) : $"[{answer["code"]}]";
    }

    public async Task<string> DetailAsync(string path) => (await _daemon.ReadAsync($"{_backend}://{path}", fresh: true))["detail"] ?? "";

    public async Task<string[]> ReadAllAsync(params string[] paths)
    {
        var body = new JsonObject { ["refs"] = new JsonArray([.. paths.Select(path => (JsonNode)$"{_backend}://{path}")]), ["fresh"] = true };
        var answer = JsonNode.Parse((await _daemon.PostAsync(Routes.Reads, body.ToJsonString())).Body)!["results"]!;
        return [.. paths.Select(path => answer[$"{_backend}://{path}"]!).Select(result =>
            result["error"] is { } error ? $"[{error["code"]}]" : result["value"]!.GetValue<string>())];
    }

    /// <summary><c>signed_in</c>, or in brackets the code of the failure.</summary>
    public async Task<string> LoginAsync(string method, string? mount, JsonObject? fields = null, JsonObject? refs = null, string? role = null)
    {
        var body = new JsonObject { ["backend"] = _backend, ["method"] = method };
        foreach (var (name, value) in new (string, JsonNode?)[] { ("mount", mount), ("role", role), ("fields", fields), ("refs", refs) })
        {
            if (value is not null)
                body[name] = value;
        }

        var answer = await _daemon.PostAsync(Routes.Login, body.ToJsonString());
        return answer.Status == 200 ? answer["state"]! : $"[{answer["code"]}]";
    }

    public async Task<bool> LogoutAsync() =>
        (await _daemon.PostAsync(Routes.Logout, $$"""{"backend":"{{_backend}}"}"""))["revoked"] == "True";

    public async Task<JsonNode> LoginStatusAsync() => JsonNode.Parse((await _daemon.StatusAsync()).Body)!["backends"]!.AsArray()
        .Single(backend => backend!["name"]!.GetValue<string>() == _backend)!["login"]!;

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    private static string Value(RawResponse answer) =>
        answer["value_base64"] is { } base64 ? Encoding.Latin1.GetString(Convert.FromBase64String(base64)) : answer["value"]!;
}

/// <summary>References and what they are.</summary>
internal sealed class Credentials : Dictionary<string, string>, ISecretBackend
{
    public string Name => "opcli";

    public int ConcurrentBatches => 1;

    public Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<BackendOutcome>>([.. batch.References.Select(reference => TryGetValue(reference.Text, out var value)
            ? BackendOutcome.Of(SecretValue.CopyOf(Encoding.UTF8.GetBytes(value)))
            : BackendOutcome.Of(new BackendFailure(ErrorCode.NotFound, "there is no such item")))]);

    public Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation) => Task.FromResult<BackendFailure?>(null);

    public BackendStatus Status() => new(Name, "ready", null, 0, 0, 0, 0);
}
