namespace Opx.Daemon.Backends.Vault.Leases;

/// <summary>One lease and, for as long as it answers, the secret that came with it. Guarded by the lock of <see cref="LeaseBook"/>.</summary>
/// <param name="asked">When it was asked for, as <see cref="LeaseBook.Stamp"/> counts.</param>
/// <param name="taken">When it came, by the clock's stopwatch.</param>
internal sealed class Lease(VaultPath path, LeaseGrant grant, long asked, long taken) : IDisposable
{
    public VaultPath Path { get; } = path;

    public string Id { get; } = grant.Id;

    /// <summary>As it was granted at first: what is asked for again.</summary>
    public TimeSpan Duration { get; } = grant.Duration;

    public long Asked { get; } = asked;

    public long Taken { get; } = taken;

    /// <summary>From <see cref="Taken"/> on.</summary>
    public TimeSpan Until { get; set; } = grant.Duration;

    /// <summary>From <see cref="Taken"/> on; null where it is not renewed any more.</summary>
    public TimeSpan? RenewAt { get; set; } = grant.IsRenewable ? grant.Duration * 2 / 3 : null;

    /// <summary>Null where it answers nobody, or nobody any more.</summary>
    public SecretData? Secret { get; set; }

    /// <summary>What was answered from it, and may be in the cache.</summary>
    public HashSet<string> Answered { get; } = new(StringComparer.Ordinal);

    public void Dispose()
    {
        Secret?.Dispose();
        Secret = null;
    }
}
