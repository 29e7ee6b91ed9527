namespace Opx.TestKit.Vault;

/// <summary>All tokens, of all namespaces.</summary>
internal sealed class TokenStore(TimeProvider clock, bool isBao)
{
    /// <summary>What a token lives where nobody said otherwise: 768 h, the system's default and maximum.</summary>
    public static readonly TimeSpan DefaultTtl = TimeSpan.FromHours(768);

    private readonly Dictionary<string, VaultToken> _tokens = [];

    public event Action<VaultToken>? Revoked;

    public TimeProvider Clock => clock;

    public DateTimeOffset Now => clock.GetUtcNow();

    public IEnumerable<VaultToken> All => _tokens.Values;

    public string NewId(string kind = "s") => (isBao ? $"{kind}." : $"hv{kind}.") + Fresh.Text(isBao ? 24 : 28);

    public VaultToken Add(VaultToken token)
    {
        _tokens[token.Id] = token;
        return token;
    }

    /// <summary>A token as a login gives it.</summary>
    public VaultToken ForLogin(VaultCall call, string displayName, TokenSettings settings, Dictionary<string, string> metadata)
    {
        var ttl = settings.Period > TimeSpan.Zero ? settings.Period : settings.Ttl > TimeSpan.Zero ? settings.Ttl : DefaultTtl;
        if (settings.MaxTtl > TimeSpan.Zero && ttl > settings.MaxTtl)
            ttl = settings.MaxTtl;
        return Add(new VaultToken(NewId(), Now)
        {
            Policies = Normal(settings.Policies, settings.WithoutDefault),
            Metadata = metadata,
            DisplayName = displayName,
            Path = call.Path,
            EntityId = Fresh.Uuid(),
            IsOrphan = true,
            Renewable = true,
            Namespace = call.Namespace,
            Ttl = ttl,
            MaxTtl = settings.MaxTtl,
            Period = settings.Period,
            ExpiresAt = Now + ttl,
            Uses = settings.Uses,
            UsesLeft = settings.Uses,
        });
    }

    /// <summary>The living token; null where there is none of that name.</summary>
    public VaultToken? Find(string id)
    {
        if (!_tokens.TryGetValue(id, out var token))
            return null;
        if (token.ExpiresAt is not { } end || end > Now)
            return token;
        Revoke(token);
        return null;
    }

    public VaultToken? FindByAccessor(string accessor) => _tokens.Values.FirstOrDefault(token => token.Accessor == accessor) is { } token ? Find(token.Id) : null;

    /// <summary>Counts a use of a token with a limit; the last one ends it.</summary>
    public void Use(VaultToken token)
    {
        if (token.Uses > 0 && --token.UsesLeft <= 0)
            Revoke(token);
    }

    /// <summary>With its children, and with what was read with it.</summary>
    public void Revoke(VaultToken token)
    {
        if (!_tokens.Remove(token.Id))
            return;
        Revoked?.Invoke(token);
        foreach (var child in _tokens.Values.Where(child => child.ParentId == token.Id).ToList())
            Revoke(child);
    }

    /// <summary>Longer life, as far as the maximum lets it.</summary>
    /// <returns>Warnings; null where it cannot be renewed.</returns>
    public IReadOnlyList<string>? Renew(VaultToken token, TimeSpan? increment)
    {
        if (!token.Renewable || token.ExpiresAt is null)
            return null;
        var wanted = token.Period > TimeSpan.Zero ? token.Period : increment is { } asked && asked > TimeSpan.Zero ? asked : token.Ttl;
        var most = token.ExplicitMaxTtl > TimeSpan.Zero ? token.ExplicitMaxTtl : token.MaxTtl > TimeSpan.Zero ? token.MaxTtl : DefaultTtl;
        var left = token.CreatedAt + most - Now;
        var granted = token.Period > TimeSpan.Zero || wanted < left ? wanted : left;
        token.Ttl = TimeSpan.FromSeconds(Math.Max(0, Math.Round(granted.TotalSeconds)));
        token.ExpiresAt = Now + token.Ttl;
        token.RenewedAt = Now;
        return granted == wanted ? [] : [$"TTL of \"{(long)wanted.TotalSeconds}s\" exceeded the effective max_ttl of \"{(long)left.TotalSeconds}s\"; TTL value is capped accordingly"];
    }

    /// <summary>Sorted, each once, with <c>default</c>.</summary>
    public static IReadOnlyList<string> Normal(IEnumerable<string> policies, bool withoutDefault = false)
    {
        var set = new SortedSet<string>(policies.Select(name => name.ToLowerInvariant()), StringComparer.Ordinal);
        if (set.Contains("root"))
            return ["root"];
        if (!withoutDefault)
            set.Add("default");
        return [.. set];
    }
}

/// <summary>The <c>token_…</c> fields that every auth method's roles and users have (api-docs "tokenfields").</summary>
internal sealed record TokenSettings(IReadOnlyList<string> Policies, TimeSpan Ttl, TimeSpan MaxTtl, TimeSpan Period, int Uses, bool WithoutDefault)
{
    public static TokenSettings Of(VaultCall call) => new(
        call.Strings("token_policies") is { Count: > 0 } policies ? policies : call.Strings("policies"),
        call.Duration("token_ttl") ?? call.Duration("ttl") ?? TimeSpan.Zero,
        call.Duration("token_max_ttl") ?? call.Duration("max_ttl") ?? TimeSpan.Zero,
        call.Duration("token_period") ?? call.Duration("period") ?? TimeSpan.Zero,
        call.Number("token_num_uses"),
        call.Flag("token_no_default_policy", false));
}
