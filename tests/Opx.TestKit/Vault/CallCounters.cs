using System.Text;

namespace Opx.TestKit.Vault;

/// <summary>What a test wants to know afterwards: how many reads, logins, renewals there were, and each request in order.</summary>
internal sealed class CallCounters
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _requests = [];

    /// <summary><c>reads</c>, <c>logins</c>, <c>failed_logins</c>, <c>renewals</c>, <c>lease_renewals</c>, <c>lease_revocations</c>,
    /// <c>token_revocations</c>, <c>mount_lookups</c>, <c>self_lookups</c>, <c>unwraps</c>, <c>faults</c>, <c>requests</c>,
    /// <c>requests_with_token</c>.</summary>
    public int this[string name]
    {
        get
        {
            lock (_lock)
                return _counts.GetValueOrDefault(name);
        }
    }

    /// <summary><c>GET secret/data/app 200</c>: never a value, never a token.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public void Count(VaultCall call, VaultAnswer answer)
    {
        Add("requests");
        if (call.TokenId.Length > 0)
            Add("requests_with_token");
        if (Kind(call, answer) is { } kind)
            Add(kind);
        lock (_lock)
            _requests.Add($"{call.Method} {(call.Namespace.Length > 0 ? $"[{call.Namespace}] " : "")}{call.Path} {answer.Status}");
    }

    public void Add(string name)
    {
        lock (_lock)
            _counts[name] = _counts.GetValueOrDefault(name) + 1;
    }

    public void Note(string request)
    {
        lock (_lock)
            _requests.Add(request);
    }

    public void Clear()
    {
        lock (_lock)
        {
            _counts.Clear();
            _requests.Clear();
        }
    }

    /// <summary>A line each.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        lock (_lock)
        {
            foreach (var (name, count) in _counts)
                text.Append(name).Append(' ').Append(count).Append('\n');
        }

        return text.ToString();
    }

    private static string? Kind(VaultCall call, VaultAnswer answer) => call.Path switch
    {
        "sys/wrapping/unwrap" => "unwraps",
        "sys/leases/renew" => "lease_renewals",
        "sys/leases/revoke" => "lease_revocations",
        "auth/token/renew-self" => "renewals",
        "auth/token/revoke-self" => "token_revocations",
        "auth/token/lookup-self" => "self_lookups",
        _ when call.Path.StartsWith("sys/internal/ui/mounts", StringComparison.Ordinal) => "mount_lookups",
        _ when answer.Auth is not null => "logins",
        _ when call.Path.StartsWith("auth/", StringComparison.Ordinal) && (call.Path.Contains("/login", StringComparison.Ordinal)
            || call.Path.EndsWith("/oidc/callback", StringComparison.Ordinal)) => "failed_logins",
        _ when call.Path.StartsWith("sys/", StringComparison.Ordinal) || call.Path.StartsWith("auth/", StringComparison.Ordinal) => null,
        _ => call.IsRead ? "reads" : null,
    };
}
