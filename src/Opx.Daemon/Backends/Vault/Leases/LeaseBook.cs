using Opx.Daemon.Backends.Vault.Login;

namespace Opx.Daemon.Backends.Vault.Leases;

/// <summary>
/// Secrets that came with a lease. One answers for its path as long as it lives, so that a name and a password that are asked for one after
/// the other belong together; it is renewed when two thirds of it are over, however long the cache keeps what was read of it, because a
/// program that was given it may still use it. It is given back when it is dropped: for a fresh one, by an invalidation, a lock or the end.
/// </summary>
/// <remarks>Lock order: this lock, then the token holder's. The cache is told outside of it.</remarks>
internal sealed class LeaseBook : IDisposable
{
    private static readonly TimeSpan RevokeLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly HashSet<Lease> _leases = [];
    private readonly Dictionary<VaultPath, Lease> _answering = [];
    private readonly HashSet<Task> _outstanding = [];
    private readonly LeaseCalls _calls;
    private readonly Func<VaultToken?> _token;
    private readonly VaultWorld _world;
    private readonly ITimer _timer;
    private long _stamp;
    private long _since;

    /// <param name="token">The token in use; null where there is none.</param>
    public LeaseBook(LeaseCalls calls, Func<VaultToken?> token, VaultWorld world)
    {
        (_calls, _token, _world) = (calls, token, world);
        _timer = world.Clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Counts moments, so that one can be said to come after another whatever the clock says.</summary>
    public long Stamp() => Interlocked.Increment(ref _stamp);

    /// <summary>Answers from the lease of the path; false where none lives, or it is older than a question for a fresh one.</summary>
    public bool TryAnswer(WantedPath wanted, BackendOutcome?[] outcomes)
    {
        lock (_lock)
        {
            if (!_answering.TryGetValue(wanted.Path, out var lease) || Left(lease, lease.Until) <= TimeSpan.Zero || _token() is null
                || (wanted.IsFresh && lease.Asked < wanted.Came))
                return false;
            Answer(lease, lease.Secret!, wanted, outcomes);
            return true;
        }
    }

    /// <summary>Answers from a lease that has just been granted, and takes over the secret.</summary>
    /// <param name="asked">The moment before it was asked for.</param>
    public void Take(WantedPath wanted, SecretData secret, long asked, BackendOutcome?[] outcomes)
    {
        var lease = new Lease(wanted.Path, secret.Lease!, asked, _world.Clock.GetTimestamp());
        var dropped = new List<Lease>();
        VaultToken? token;
        lock (_lock)
        {
            if (!Answer(lease, secret, wanted, outcomes))
            {
                // Nobody has anything of it.
                secret.Dispose();
                dropped.Add(lease);
            }
            else if (asked < _since || _answering.Values.Sum(each => (long)each.Secret!.Length) + secret.Length > _world.KeptBytes)
            {
                // Not kept, so left to run out: somebody has only just been given it.
                secret.Dispose();
                lease.RenewAt = null;
                _leases.Add(lease);
            }
            else
            {
                if (_answering.GetValueOrDefault(wanted.Path) is { } old)
                    dropped.Add(Remove(old));
                lease.Secret = secret;
                _leases.Add(_answering[wanted.Path] = lease);
            }

            Schedule();
            token = HoldToken();
        }

        GiveBack(dropped, token);
    }

    /// <summary>An invalidation: of these paths, or of all where null. What is being asked for now will not answer later reads.</summary>
    public void Drop(IReadOnlySet<VaultPath>? paths)
    {
        List<Lease> dropped;
        VaultToken? token;
        lock (_lock)
        {
            _since = Stamp();
            dropped = [.. _answering.Values.Where(lease => paths?.Contains(lease.Path) != false)];
            dropped.ForEach(lease => Remove(lease));
            token = HoldToken();
        }

        GiveBack(dropped, token);
    }

    /// <summary>Another token is in use: what came with the old one ends with that, so it answers nobody any more.</summary>
    public void Supersede()
    {
        List<Lease> silent;
        lock (_lock)
        {
            _since = Stamp();
            silent = [.. _answering.Values];
            _answering.Clear();
            silent.ForEach(lease => lease.Dispose());
        }

        Forget(silent);
    }

    /// <summary>All leases, which the book then knows no more: a lock or the end.</summary>
    public IReadOnlyList<Lease> TakeAll()
    {
        lock (_lock)
        {
            _since = Stamp();
            Lease[] all = [.. _leases];
            foreach (var lease in all)
                Remove(lease);
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return all;
        }
    }

    /// <summary>What is being given back now: a clean stop waits for it.</summary>
    public Task Outstanding()
    {
        lock (_lock)
            return Task.WhenAll(_outstanding);
    }

    public void Dispose()
    {
        TakeAll();
        _timer.Dispose();
    }

    private bool Answer(Lease lease, SecretData secret, WantedPath wanted, BackendOutcome?[] outcomes)
    {
        // It ends with the token that it came with.
        var keepFor = Left(lease, lease.Until);
        if (_token()?.Left is { } left && left < keepFor)
            keepFor = left;
        var isAny = false;
        foreach (var key in wanted.Keys)
        {
            var (value, failure) = secret.Read(key.Key);
            outcomes[key.Index] = new BackendOutcome(value, failure, keepFor, IsLeased: true);
            isAny |= value is not null;
            lease.Answered.Add(key.Reference);
        }

        return isAny;
    }

    private Lease Remove(Lease lease)
    {
        _leases.Remove(lease);
        if (_answering.GetValueOrDefault(lease.Path) == lease)
            _answering.Remove(lease.Path);
        lease.Dispose();
        return lease;
    }

    // Under the lock: a lock of the session takes the leases first and then the token, so that each lease is given back by one of us.
    private VaultToken? HoldToken() => _token() is { } token && token.Value.TryHold() ? token : null;

    private void GiveBack(List<Lease> dropped, VaultToken? token)
    {
        Forget(dropped);
        var revocation = Task.Run(async () =>
        {
            using (token?.Value)
                await _calls.RevokeAsync(dropped, token, RevokeLimit);
        });
        lock (_lock)
            _outstanding.Add(revocation);
        _ = revocation.ContinueWith(
            done =>
            {
                lock (_lock)
                    _outstanding.Remove(done);
            },
            TaskScheduler.Default);
    }

    // Also what is on its way into the cache: a later read asks here again.
    private void Forget(List<Lease> ended)
    {
        var references = ended.SelectMany(lease => lease.Answered).ToHashSet(StringComparer.Ordinal);
        if (references.Count > 0)
            _world.Forget(references);
    }

    private TimeSpan Left(Lease lease, TimeSpan until) => until - _world.Clock.GetElapsedTime(lease.Taken);

    private void Schedule()
    {
        TimeSpan? next = null;
        foreach (var lease in _leases)
        {
            var left = Left(lease, lease.RenewAt ?? lease.Until);
            next = next is { } sooner && sooner < left ? sooner : left;
        }

        if (next is { } wait)
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        var due = new List<Lease>();
        lock (_lock)
        {
            foreach (var over in _leases.Where(lease => Left(lease, lease.Until) <= TimeSpan.Zero).ToArray())
                Remove(over);
            foreach (var lease in _leases.Where(lease => lease.RenewAt is { } at && Left(lease, at) <= TimeSpan.Zero))
            {
                due.Add(lease);
                // Until it has come back with more, a try in what is left.
                var wait = Left(lease, lease.Until) * 2 / 3;
                lease.RenewAt = _world.Clock.GetElapsedTime(lease.Taken) + (wait > ShortestWait ? wait : ShortestWait);
            }

            Schedule();
        }

        foreach (var lease in due)
            _ = Task.Run(async () => Renewed(lease, await _calls.RenewAsync(lease, _token())));
    }

    private void Renewed(Lease lease, LeaseRenewal? renewal)
    {
        if (renewal is null)
            return;
        lock (_lock)
        {
            if (!_leases.Contains(lease))
                return;
            if (renewal is { IsGone: true })
                Remove(lease);
            else if (renewal is { Life: { } life })
                Prolong(lease, life);
            else
                lease.RenewAt = null;
            Schedule();
        }

        if (renewal is { IsGone: true })
            Forget([lease]);
    }

    private void Prolong(Lease lease, TimeSpan life)
    {
        // Where it brings nothing, the longest time that the role allows is near.
        var isMore = life > Left(lease, lease.Until);
        var now = _world.Clock.GetElapsedTime(lease.Taken);
        lease.Until = now + life;
        lease.RenewAt = isMore ? now + (life * 2 / 3) : null;
    }
}
