using Opx.Daemon.Backends;
using Opx.Protocol;

namespace Opx.Daemon.Secrets;

/// <summary>
/// At most one backend read per key at a time, however many ask. Whoever comes while a read is under way joins it; a failure goes to the
/// callers of that read and to nobody else.
/// </summary>
/// <remarks>
/// Lock order: this lock, then those of the cache. Nothing is awaited and no caller is resumed under it (waiters' continuations run
/// elsewhere). A flight is taken out of the table before its outcome is published, so that nobody joins one that is over.
/// </remarks>
internal sealed class SingleFlight(SecretCache cache, TimeProvider clock)
{
    private readonly Lock _lock = new();
    // The flights to join, by key; and all that have not landed: one that a fresh read or an invalidation has overtaken is joined no
    // more, but a lock has to find it.
    private readonly Dictionary<SecretKey, Flight> _flights = [];
    private readonly HashSet<Flight> _underWay = [];
    private long _generation;
    private Problem? _closed;
    private long _coalesced;

    /// <summary>Reads under way.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _underWay.Count;
        }
    }

    /// <summary>Callers that joined a read somebody else began.</summary>
    public long Coalesced => Interlocked.Read(ref _coalesced);

    /// <summary>Callers that wait for a read of the key; for tests that wait for "all have joined".</summary>
    internal int WaitersOf(SecretKey key)
    {
        lock (_lock)
            return _flights.TryGetValue(key, out var flight) ? flight.Waiters.Count : 0;
    }

    /// <summary>Joins the read of the key, or begins one.</summary>
    /// <param name="fresh">Join only a read that has not reached a backend yet: one that has may bring a value older than the request.</param>
    /// <param name="begun">The flight that this call began and that the caller has to send off; null where it joined.</param>
    public Task<ReadOutcome> Join(SecretKey key, SecretReference reference, bool fresh, CancellationToken cancellation, out Flight? begun)
    {
        var waiter = new Flight.Waiter();
        Flight? flight;
        lock (_lock)
        {
            if (_closed is not null)
            {
                begun = null;
                return Task.FromResult(ReadOutcome.Of(_closed with { Reference = reference.Text }));
            }

            if (_flights.TryGetValue(key, out flight) && !(fresh && flight.Departed))
            {
                begun = null;
                Interlocked.Increment(ref _coalesced);
            }
            else
            {
                begun = flight = new Flight(key, reference, _generation);
                _flights[key] = flight;
                _underWay.Add(flight);
            }

            flight.IsFresh |= fresh;
            flight.Waiters.Add(waiter);
        }

        if (cancellation.CanBeCanceled)
            LeaveOnCancellation(flight, waiter, cancellation);
        return waiter.Outcome;
    }

    /// <summary>Begins a read that nobody asked for, unless one of the key is under way or a lock is in force.</summary>
    /// <returns>The flight to send off, or null.</returns>
    public Flight? TryBegin(SecretKey key, SecretReference reference, out Task<ReadOutcome> outcome)
    {
        var waiter = new Flight.Waiter();
        outcome = waiter.Outcome;
        lock (_lock)
        {
            if (_closed is not null || _flights.ContainsKey(key))
                return null;
            var flight = new Flight(key, reference, _generation);
            flight.Waiters.Add(waiter);
            _flights[key] = flight;
            _underWay.Add(flight);
            return flight;
        }
    }

    /// <summary>The reads are handed to a backend now; those that nobody waits for any more stay behind.</summary>
    public List<Flight> Depart(IEnumerable<Flight> flights)
    {
        lock (_lock)
        {
            var departing = flights.Where(flight => flight.Waiters.Count > 0).ToList();
            foreach (var flight in departing)
                flight.Departed = true;
            return departing;
        }
    }

    /// <summary>Ends a flight: keeps what it brought, unless something has been invalidated or locked since it began, and tells its callers.</summary>
    /// <param name="lifetime">How long a value may be kept; zero for not at all.</param>
    public void Land(Flight flight, BackendOutcome outcome, TimeSpan lifetime)
    {
        List<Flight.Waiter> waiters;
        var problem = outcome.Failure is { } failure
            ? new Problem(failure.Code, failure.Detail, flight.Reference.Text, RetryAfter: failure.RetryAfter)
            : null;
        var resolvedAt = clock.GetUtcNow().ToUnixTimeSeconds();
        lock (_lock)
        {
            // One that a fresh read has overtaken is no longer the table's, and must not be kept after the newer value.
            var current = Remove(flight, out waiters);
            if (current && flight.Generation == _generation)
                Keep(flight, outcome, problem, lifetime, resolvedAt);
            else
                lifetime = TimeSpan.Zero;
        }

        Deliver(waiters, new ReadOutcome(outcome.Value, problem, FromCache: false, lifetime, resolvedAt));
        outcome.Value?.Dispose();
    }

    /// <summary>Called for every invalidation, with its references (null for all), outside the lock and before it is done.</summary>
    public event Action<IReadOnlySet<string>?>? Invalidated;

    /// <summary>Drops what is kept of the references (of all, where null) and begins a new generation: no read that is under way is kept.</summary>
    public int Invalidate(IReadOnlySet<string>? references)
    {
        var removed = Forget(references);
        Invalidated?.Invoke(references);
        return removed;
    }

    /// <summary>Likewise, where a backend finds out by itself that what is kept of them is worth nothing any more.</summary>
    public int Forget(IReadOnlySet<string>? references)
    {
        lock (_lock)
        {
            _generation++;
            Overtake(key => references is null || references.Contains(key.Reference));
            return cache.Remove(references);
        }
    }

    /// <summary>Likewise for all that came or is coming from one backend: somebody else is logged in there now, or nobody.</summary>
    public void Forget(string backend)
    {
        lock (_lock)
        {
            _generation++;
            Overtake(key => key.Backend == backend);
            cache.RemoveOf(backend);
        }
    }

    /// <summary>
    /// A lock: everything kept is dropped, and until <see cref="Open"/> whoever asks gets the problem, here, where no lock can come in between.
    /// </summary>
    /// <param name="abandon">Tell those who wait as well, instead of letting them have a value after the lock.</param>
    public void Close(Problem problem, bool abandon)
    {
        List<(Flight Flight, List<Flight.Waiter> Waiters)> abandoned = [];
        lock (_lock)
        {
            _closed = problem;
            _generation++;
            cache.Remove(references: null);
            Overtake(static _ => true);
            foreach (var flight in abandon ? _underWay.ToList() : [])
            {
                Remove(flight, out var waiters);
                abandoned.Add((flight, waiters));
            }
        }

        foreach (var (flight, waiters) in abandoned)
        {
            Deliver(waiters, ReadOutcome.Of(problem with { Reference = flight.Reference.Text }));
            flight.Abandon();
        }
    }

    public void Open()
    {
        lock (_lock)
            _closed = null;
    }

    // Who comes from now on must not join a read that a backend was handed before: its value may be the old one. One that is still to be handed
    // over brings the new one; a second beside it would ask for the same reference twice in one batch.
    private void Overtake(Func<SecretKey, bool> isMeant)
    {
        foreach (var (key, _) in _flights.Where(each => each.Value.Departed && isMeant(each.Key)).ToList())
            _flights.Remove(key);
    }

    private void Keep(Flight flight, BackendOutcome outcome, Problem? problem, TimeSpan lifetime, long resolvedAt)
    {
        if (outcome.Value is { } value)
            cache.Keep(flight.Key, value, lifetime, resolvedAt, outcome.IsLeased);
        else if (problem!.Code == ErrorCode.NotFound)
            cache.Keep(flight.Key, problem);
    }

    /// <summary>Takes the flight and its waiters out; false where the table holds another flight of the key, or none.</summary>
    private bool Remove(Flight flight, out List<Flight.Waiter> waiters)
    {
        waiters = [.. flight.Waiters];
        flight.Waiters.Clear();
        _underWay.Remove(flight);
        return _flights.TryGetValue(flight.Key, out var current) && current == flight && _flights.Remove(flight.Key);
    }

    private static void Deliver(List<Flight.Waiter> waiters, ReadOutcome outcome)
    {
        foreach (var waiter in waiters)
        {
            // Held for the waiter before it can run; it lets go itself, unless it was cancelled in the meantime.
            outcome.Value?.TryHold();
            if (!waiter.TryDeliver(outcome))
                outcome.Value?.Dispose();
        }
    }

    private void LeaveOnCancellation(Flight flight, Flight.Waiter waiter, CancellationToken cancellation)
    {
        var registration = cancellation.UnsafeRegister((_, token) =>
        {
            if (waiter.TryCancel(token))
                Leave(flight, waiter);
        }, null);
        waiter.Outcome.ContinueWith(
            static (_, state) => ((CancellationTokenRegistration)state!).Unregister(),
            registration, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Leave(Flight flight, Flight.Waiter waiter)
    {
        lock (_lock)
        {
            if (!flight.Waiters.Remove(waiter) || flight.Waiters.Count > 0)
                return;
            // The last one out: whoever comes now begins anew instead of joining a read that is being cancelled.
            Remove(flight, out _);
        }

        flight.Abandon();
    }
}
