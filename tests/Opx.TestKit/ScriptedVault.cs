using System.Collections.Concurrent;
using System.Text;
using Opx.Daemon.Backends.Vault.Exchange;

namespace Opx.TestKit;

/// <summary>One request as the server would have seen it.</summary>
internal sealed record Asked(string Method, string Url, string? Token, string? Namespace, string? Body)
{
    /// <summary>Below <c>/v1/</c>.</summary>
    public string Path => Url[(Url.IndexOf("/v1/", StringComparison.Ordinal) + 4)..];

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>An exchange that answers by script, without a process and without a network. Unscripted paths are 404.</summary>
internal sealed class ScriptedVault : IVaultExchange
{
    public const string Address = "http://127.0.0.1:8200";

    private readonly ConcurrentDictionary<string, Func<Asked, Task<VaultAnswer>>> _answers = new();
    private readonly ConcurrentQueue<Asked> _asked = new();
    private int _underWay;
    private int _most;

    public IReadOnlyList<Asked> Asked => [.. _asked];

    /// <summary>Requests side by side, at most.</summary>
    public int Most => _most;

    public int Ends { get; private set; }

    public int Retirements { get; private set; }

    public static VaultAnswer Json(int status, string body, string? retryAfter = null) => Answer(status, Encoding.UTF8.GetBytes(body), "application/json", retryAfter);

    public static VaultAnswer Answer(int status, byte[] body, string? contentType, string? retryAfter = null, string? location = null)
    {
        var answer = new VaultAnswer { Status = status, ContentType = contentType, RetryAfter = retryAfter, Location = location };
        answer.Body.Append(body);
        return answer;
    }

    public static VaultAnswer Denied() => Json(403, """{"errors":["1 error occurred:\n\t* permission denied\n\n"]}""");

    public int Count(string pathStart) => Asked.Count(asked => asked.Path.StartsWith(pathStart, StringComparison.Ordinal));

    /// <summary>Answers a path, with query, in this way.</summary>
    public ScriptedVault On(string path, Func<Asked, Task<VaultAnswer>> answer)
    {
        _answers[path] = answer;
        return this;
    }

    public ScriptedVault On(string path, Func<Asked, VaultAnswer> answer) => On(path, asked => Task.FromResult(answer(asked)));

    public ScriptedVault On(string path, int status, string body) => On(path, _ => Json(status, body));

    /// <summary>In their order, the last one for ever.</summary>
    public ScriptedVault On(string path, params Func<VaultAnswer>[] answers)
    {
        var at = -1;
        return On(path, _ => answers[Math.Min(Interlocked.Increment(ref at), answers.Length - 1)]());
    }

    /// <param name="version">Of kv; null for a mount that is none.</param>
    public ScriptedVault Mount(string mount, string path, string? version = "2")
    {
        var options = version is null ? "null" : "{\"version\":\"" + version + "\"}";
        return On("sys/internal/ui/mounts/" + path, 200, "{\"request_id\":\"r\",\"data\":{\"path\":\"" + mount + "/\",\"type\":\"" + (version is null ? "database" : "kv") + "\",\"options\":" + options + "}}");
    }

    /// <summary>A token that is good for so long; 0 without an end.</summary>
    public ScriptedVault Token(int ttl = 0, bool renewable = false) => On("auth/token/lookup-self", 200, TokenBody("data", "ttl", ttl, renewable));

    /// <summary>A login that gives this token.</summary>
    public static VaultAnswer Login(string token, int ttl = 0, bool renewable = false) =>
        Json(200, TokenBody("auth", "lease_duration", ttl, renewable, $"\"client_token\":\"{token}\","));

    private static string TokenBody(string member, string life, int ttl, bool renewable, string more = "") =>
        "{\"request_id\":\"r\",\"" + member + "\":{" + more + "\"" + life + "\":" + ttl + ",\"renewable\":" + (renewable ? "true" : "false") + "}}";

    public async Task<VaultAnswer> SendAsync(VaultRequest request, CancellationToken cancellation)
    {
        var asked = new Asked(
            request.Method,
            request.Url + (request.UrlTail is { } tail ? Encoding.ASCII.GetString(tail.Bytes) : ""),
            request.Token is { } token ? Encoding.UTF8.GetString(token.Bytes) : null,
            request.Namespace,
            request.Body is { } body ? Encoding.UTF8.GetString(body.Bytes) : null);
        _asked.Enqueue(asked);
        var now = Interlocked.Increment(ref _underWay);
        for (var most = _most; now > most; most = _most)
            Interlocked.CompareExchange(ref _most, now, most);
        try
        {
            return _answers.TryGetValue(asked.Path, out var answer)
                ? await answer(asked).WaitAsync(cancellation)
                : Json(404, """{"errors":[]}""");
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    public void End() => Ends++;

    public void Retire() => Retirements++;

    public void Dispose()
    {
    }
}
