using System.Collections.Concurrent;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault;

/// <summary>
/// Which secrets engines lie where, as far as it has been asked: KV v2 wants <c>data/</c> behind the mount. Mounts do not lie in one
/// another, so that a known one that a path begins with is its own.
/// </summary>
internal sealed class VaultMounts(VaultClient client)
{
    private readonly ConcurrentDictionary<string, bool> _isVersioned = new(StringComparer.Ordinal);
    // Some for all: how paths begin is up to whoever asks.
    private readonly SemaphoreSlim[] _asking = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1))];

    /// <summary>
    /// The path to ask for, without encoding, and whether its answer is one of KV v2. A server that does not tell (403, 404) is asked for
    /// the path as it is given.
    /// </summary>
    public async Task<(string Path, bool IsVersioned, BackendFailure? Failure)> ResolveAsync(
        string path, SecretValue token, CancellationToken cancellation)
    {
        if (Known(path) is { } known)
            return known;
        // One question for the paths of a batch that begin alike; where they turn out to lie in several mounts, the others ask again.
        var gate = _asking[(uint)string.GetHashCode(path.AsSpan(0, path.IndexOf('/') is var end and > 0 ? end : path.Length)) % _asking.Length];
        await gate.WaitAsync(cancellation);
        try
        {
            return Known(path) ?? await AskAsync(path, token, cancellation);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>A mount that answered otherwise than it should may have been replaced: the next read asks again.</summary>
    public void Forget(string path)
    {
        if (MountOf(path) is { } mount)
            _isVersioned.TryRemove(mount, out _);
    }

    private (string, bool, BackendFailure?)? Known(string path) => MountOf(path) is { } mount && _isVersioned.TryGetValue(mount, out var isVersioned)
        ? (isVersioned ? WithData(mount, path) : path, isVersioned, null)
        : null;

    private string? MountOf(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (_isVersioned.ContainsKey(path[..end]))
                return path[..end];
        }

        return null;
    }

    private async Task<(string, bool, BackendFailure?)> AskAsync(string path, SecretValue token, CancellationToken cancellation)
    {
        var call = new VaultCall("GET", "sys/internal/ui/mounts/" + VaultReference.Encode(path)) { Token = token };
        var reply = await client.SendAsync(call, cancellation);
        using var answer = reply.Answer;
        if (answer is null)
            return (path, false, reply.Failure);
        if (answer.Status != 200 || !JsonScan.IsObject(answer.Body.Bytes))
            return (path, false, null);
        var mount = JsonScan.Text(JsonScan.Find(answer.Body.Bytes, "data", "path"))?.Trim('/');
        if (mount is not { Length: > 0 } || !IsWithin(mount, path))
            return (path, false, null);
        _isVersioned[mount] = JsonScan.Text(JsonScan.Find(answer.Body.Bytes, "data", "options", "version")) == "2";
        return Known(path) ?? (path, false, null);
    }

    private static bool IsWithin(string mount, string path) => path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal);

    private static string WithData(string mount, string path)
    {
        var rest = path.Length > mount.Length ? path[(mount.Length + 1)..] : "";
        return rest == "data" || rest.StartsWith("data/", StringComparison.Ordinal) ? path : $"{mount}/data/{rest}";
    }
}
