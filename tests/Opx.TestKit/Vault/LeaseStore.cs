namespace Opx.TestKit.Vault;

/// <summary>A secret with an end.</summary>
internal sealed class VaultLease(string id, string tokenId, DateTimeOffset issuedAt, TimeSpan ttl, TimeSpan maxTtl, bool renewable)
{
    public string Id { get; } = id;

    public string TokenId { get; } = tokenId;

    public DateTimeOffset IssuedAt { get; } = issuedAt;

    public TimeSpan MaxTtl { get; } = maxTtl;

    public bool Renewable { get; set; } = renewable;

    public TimeSpan Ttl { get; set; } = ttl;

    public DateTimeOffset ExpiresAt { get; set; } = issuedAt + ttl;

    public DateTimeOffset? RenewedAt { get; set; }
}

/// <summary>All leases. They end with their time, on command, or with the token that they were read with.</summary>
internal sealed class LeaseStore
{
    private readonly Dictionary<string, VaultLease> _leases = [];
    private readonly TokenStore _tokens;

    public LeaseStore(TokenStore tokens)
    {
        _tokens = tokens;
        tokens.Revoked += token =>
        {
            foreach (var lease in _leases.Values.Where(lease => lease.TokenId == token.Id).ToList())
                _leases.Remove(lease.Id);
        };
    }

    public DateTimeOffset Now => _tokens.Now;

    public IReadOnlyList<VaultLease> Living => [.. _leases.Values.Where(lease => lease.ExpiresAt > Now)];

    public VaultLease Issue(string path, VaultToken token, TimeSpan ttl, TimeSpan maxTtl, bool renewable)
    {
        var lease = new VaultLease($"{path}/{Fresh.Text(24)}", token.Id, Now, ttl, maxTtl, renewable);
        return _leases[lease.Id] = lease;
    }

    public VaultLease? Find(string id) => _leases.TryGetValue(id, out var lease) && lease.ExpiresAt > Now ? lease : null;

    public bool Revoke(string id) => _leases.Remove(id);
}
