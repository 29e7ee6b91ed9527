using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault.Leases;

/// <summary>One lease and the values that came with it. Guarded by the lock of <see cref="LeaseBook"/>.</summary>
/// <param name="taken">When it was, by the clock's stopwatch.</param>
internal sealed class Lease(LeaseGrant grant, long taken)
{
    public string Id { get; } = grant.Id;

    public bool IsRenewable { get; } = grant.IsRenewable;

    /// <summary>As it was granted at first: what is asked for again.</summary>
    public TimeSpan Duration { get; } = grant.Duration;

    public long Taken { get; } = taken;

    /// <summary>From <see cref="Taken"/> on.</summary>
    public TimeSpan Until { get; set; } = grant.Duration;

    /// <summary>From <see cref="Taken"/> on; null where it is not renewed any more.</summary>
    public TimeSpan? RenewAt { get; set; } = grant.IsRenewable ? grant.Duration * 2 / 3 : null;

    /// <summary>Values that somebody, the cache mostly, still holds.</summary>
    public List<WeakReference<SecretValue>> Values { get; } = [];

    public int Held { get; set; }
}
