using System.Collections.Concurrent;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault;

/// <summary>What lies at a path, as far as it makes a difference.</summary>
internal enum MountKind
{
    /// <summary>The server does not tell.</summary>
    Unknown,

    /// <summary>Secrets that somebody has written: always JSON, and never with a lease.</summary>
    KeyValue,

    /// <summary>Likewise, with versions: wrapped once more, and below <c>data/</c>.</summary>
    Versioned,

    /// <summary>Secrets that are made as they are read, certificates, what the system says of itself.</summary>
    Other,
}

/// <param name="Path">The path to ask for, without encoding.</param>
internal readonly record struct MountedPath(string Path, MountKind Kind)
{
    public bool IsVersioned => Kind == MountKind.Versioned;

    public bool HoldsJson => Kind is MountKind.KeyValue or MountKind.Versioned;

    /// <summary>The server does not tell, and whoever wrote the path seems to know.</summary>
    public bool MayBeVersioned => Kind == MountKind.Unknown && Path.Split('/').Skip(1).Contains("data");

    public bool MayLease => Kind is MountKind.Other or MountKind.Unknown;
}

/// <summary>
/// Which secrets engines lie where, as far as it has been asked: KV v2 wants <c>data/</c> behind the mount. Mounts do not lie in one
/// another, so that a known one that a path begins with is its own.
/// </summary>
internal sealed class VaultMounts(VaultClient client)
{
    private readonly ConcurrentDictionary<string, MountKind> _kinds = new(StringComparer.Ordinal);
    // Some for all: how paths begin is up to whoever asks.
    private readonly SemaphoreSlim[] _asking = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1))];

    /// <summary>
    /// What to ask for and what lies there. A server that does not tell (403, 404) is asked for the path as it is given.
    /// </summary>
    public async Task<(MountedPath Mounted, BackendFailure? Failure)> ResolveAsync(
        string path, SecretValue token, CancellationToken cancellation)
    {
        if (Known(path) is { } known)
            return (known, null);
        // One question for the paths of a batch that begin alike; where they turn out to lie in several mounts, the others ask again.
        var gate = _asking[(uint)string.GetHashCode(path.AsSpan(0, path.IndexOf('/') is var end and > 0 ? end : path.Length)) % _asking.Length];
        await gate.WaitAsync(cancellation);
        try
        {
            return Known(path) is { } meanwhile ? (meanwhile, null) : await AskAsync(path, token, cancellation);
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
            _kinds.TryRemove(mount, out _);
    }

    private MountedPath? Known(string path) => MountOf(path) is { } mount && _kinds.TryGetValue(mount, out var kind)
        ? new MountedPath(kind == MountKind.Versioned ? WithData(mount, path) : path, kind)
        : null;

    private string? MountOf(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (_kinds.ContainsKey(path[..end]))
                return path[..end];
        }

        return null;
    }

    private async Task<(MountedPath, BackendFailure?)> AskAsync(string path, SecretValue token, CancellationToken cancellation)
    {
        var call = new VaultCall("GET", "sys/internal/ui/mounts/" + VaultReference.Encode(path)) { Token = token };
        var reply = await client.SendAsync(call, cancellation);
        using var answer = reply.Answer;
        if (answer is null)
            return (default, reply.Failure);
        var unknown = new MountedPath(path, MountKind.Unknown);
        if (answer.Status != 200 || !JsonScan.IsObject(answer.Body.Bytes))
            return (unknown, null);
        var mount = JsonScan.Text(JsonScan.Find(answer.Body.Bytes, "data", "path"))?.Trim('/');
        if (mount is not { Length: > 0 } || !IsWithin(mount, path))
            return (unknown, null);
        _kinds[mount] = KindOf(answer.Body.Bytes);
        return (Known(path) ?? unknown, null);
    }

    private static MountKind KindOf(ReadOnlySpan<byte> mount) => JsonScan.Text(JsonScan.Find(mount, "data", "type")) switch
    {
        _ when JsonScan.Text(JsonScan.Find(mount, "data", "options", "version")) == "2" => MountKind.Versioned,
        "kv" or "generic" or "cubbyhole" => MountKind.KeyValue,
        _ => MountKind.Other,
    };

    private static bool IsWithin(string mount, string path) => path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal);

    private static string WithData(string mount, string path)
    {
        var rest = path.Length > mount.Length ? path[(mount.Length + 1)..] : "";
        return rest == "data" || rest.StartsWith("data/", StringComparison.Ordinal) ? path : $"{mount}/data/{rest}";
    }
}
