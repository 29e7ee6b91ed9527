using Opx.Daemon.Backends.Vault.Login;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault.Leases;

/// <summary>
/// The leases of the values that are kept. One is renewed when two thirds of it are over, and revoked when the last of its values has gone:
/// dropped, replaced, or past its time in the cache. What was never kept is left to run out: somebody has only just been given it.
/// </summary>
/// <remarks>A value tells that it is gone under locks of others, so that nothing but a note is taken there.</remarks>
internal sealed class LeaseBook : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(500);
    private const int SideBySide = 8;

    private readonly Lock _lock = new();
    private readonly HashSet<Lease> _leases = [];
    private readonly HashSet<Task> _outstanding = [];
    private readonly VaultClient _client;
    private readonly Func<VaultToken?> _token;
    private readonly Action<SecretValue, TimeSpan> _prolong;
    private readonly TimeSpan _keptFor;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    /// <param name="token">The token in use; null where there is none.</param>
    /// <param name="prolong">Keep a value for so long from now on, if it is kept still.</param>
    /// <param name="keptFor">How long the cache keeps a value at most.</param>
    public LeaseBook(VaultClient client, Func<VaultToken?> token, Action<SecretValue, TimeSpan> prolong, TimeSpan keptFor, TimeProvider clock)
    {
        (_client, _token, _prolong, _keptFor, _clock) = (client, token, prolong, keptFor, clock);
        _timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _leases.Count;
        }
    }

    /// <summary>A lease that has just been granted; its values follow.</summary>
    public Lease Add(LeaseGrant grant)
    {
        var lease = new Lease(grant, _clock.GetTimestamp());
        if (_keptFor == TimeSpan.Zero)
            lease.RenewAt = null;
        lock (_lock)
        {
            _leases.Add(lease);
            Schedule();
        }

        return lease;
    }

    /// <summary>The value's bytes as one of the lease.</summary>
    public SecretValue Tie(Lease lease, SecretValue value)
    {
        using (value)
        {
            var tied = SecretValue.CopyOf(value.Bytes, _keptFor > TimeSpan.Zero ? () => Gone(lease) : null);
            lock (_lock)
            {
                lease.Held++;
                lease.Values.Add(new WeakReference<SecretValue>(tied));
            }

            return tied;
        }
    }

    /// <summary>All values of the lease are tied; where there is none, nobody is going to have any.</summary>
    public void Settle(Lease lease)
    {
        lock (_lock)
        {
            if (lease.Held > 0 || !_leases.Remove(lease))
                return;
        }

        Follow(Task.Run(() => RevokeAsync([lease], _token(), Limit)));
    }

    /// <summary>What is being given back now, value by value: a clean stop waits for it.</summary>
    public Task Outstanding()
    {
        lock (_lock)
            return Task.WhenAll(_outstanding);
    }

    /// <summary>All leases, which the book then knows no more: a lock or the end.</summary>
    public IReadOnlyList<Lease> TakeAll()
    {
        lock (_lock)
        {
            var all = _leases.ToArray();
            _leases.Clear();
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return all;
        }
    }

    /// <summary>Gives leases back, as many as can be in the time. Holds the token while it does.</summary>
    public async Task RevokeAsync(IReadOnlyCollection<Lease> leases, VaultToken? token, TimeSpan limit)
    {
        if (leases.Count == 0 || token is null || !token.Value.TryHold())
            return;
        try
        {
            using var timer = new CancellationTokenSource(limit, _clock);
            var eightAtATime = new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = timer.Token };
            await Parallel.ForEachAsync(leases, eightAtATime, async (lease, cancellation) =>
            {
                using var body = new JsonBody().Add("lease_id", lease.Id);
                var call = new VaultCall("POST", "sys/leases/revoke") { Token = token.Value, Body = body };
                (await _client.SendAsync(call, cancellation)).Answer?.Dispose();
            });
        }
        catch (OperationCanceledException)
        {
            // They run out by themselves.
        }
        finally
        {
            token.Value.Dispose();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Gone(Lease lease)
    {
        // Not here: see the remarks.
        Follow(Task.Run(async () =>
        {
            VaultToken? token;
            lock (_lock)
            {
                if (--lease.Held > 0 || !_leases.Remove(lease) || Left(lease, lease.Until) <= TimeSpan.Zero)
                    return;
                // Held under the lock: a lock of the session takes the leases first and then the token, so that each lease is given back by
                // one of us.
                token = _token() is { } current && current.Value.TryHold() ? current : null;
            }

            using (token?.Value)
                await RevokeAsync([lease], token, LeaveLimit);
        }));
    }

    private void Follow(Task revocation)
    {
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

    private TimeSpan Left(Lease lease, TimeSpan until) => until - _clock.GetElapsedTime(lease.Taken);

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
            _leases.RemoveWhere(lease => Left(lease, lease.Until) <= TimeSpan.Zero);
            foreach (var lease in _leases.Where(lease => lease.RenewAt is { } at && Left(lease, at) <= TimeSpan.Zero))
            {
                due.Add(lease);
                // Until it has come back with more, a try in what is left.
                var wait = Left(lease, lease.Until) * 2 / 3;
                lease.RenewAt = _clock.GetElapsedTime(lease.Taken) + (wait > ShortestWait ? wait : ShortestWait);
            }

            Schedule();
        }

        foreach (var lease in due)
            _ = Task.Run(() => RenewAsync(lease));
    }

    private async Task RenewAsync(Lease lease)
    {
        if (_token() is not { } token || !token.Value.TryHold())
            return;
        try
        {
            using var timer = new CancellationTokenSource(Limit, _clock);
            using var body = new JsonBody().Add("lease_id", lease.Id).Add("increment", $"{lease.Duration.TotalSeconds:0}");
            var reply = await _client.SendAsync(new VaultCall("POST", "sys/leases/renew") { Token = token.Value, Body = body }, timer.Token);
            using var answer = reply.Answer;
            if (answer is { Status: 200 } && JsonScan.IsObject(answer.Body.Bytes))
                Renewed(lease, LoginCall.Life(JsonScan.Find(answer.Body.Bytes, "lease_duration")));
            else if (answer is not null)
                Renewed(lease, life: null);
        }
        catch (OperationCanceledException)
        {
            // The server is away; there is some time left.
        }
        finally
        {
            token.Value.Dispose();
        }
    }

    /// <param name="life">From now on; null for a lease that is not renewed: its values go with it, as they were to.</param>
    private void Renewed(Lease lease, TimeSpan? life)
    {
        List<SecretValue> values = [];
        TimeSpan left;
        lock (_lock)
        {
            if (!_leases.Contains(lease))
                return;
            if (life is not { } more)
            {
                lease.RenewAt = null;
                return;
            }

            var now = _clock.GetElapsedTime(lease.Taken);
            lease.Until = now + more;
            lease.RenewAt = now + (more * 2 / 3);
            left = lease.Until < _keptFor ? more : _keptFor - now;
            foreach (var reference in lease.Values)
            {
                if (reference.TryGetTarget(out var value))
                    values.Add(value);
            }

            Schedule();
        }

        foreach (var value in values)
            _prolong(value, left);
    }
}
