using System.Threading.RateLimiting;
using Opx.Daemon.Access;
using Opx.Daemon.Audit;
using Opx.Daemon.Backends;
using Opx.Daemon.Identity;
using Opx.Daemon.Sessions;
using Opx.Protocol;

namespace Opx.Daemon.Secrets;

/// <summary>What the references of one request have in common.</summary>
/// <param name="Peer">Who asks.</param>
internal sealed record ReadContext(Peer Peer, string? Account, bool Fresh)
{
    /// <summary>Under which the log and a problem know the request.</summary>
    public string? RequestId { get; init; }
}

/// <summary>
/// The one orchestrator of a read: ④ access for each caller and each reference, then ⑥ cache, flight and batch, then ⑦ the backend; and
/// ⑧ the record of it all before the outcome goes anywhere. A refused caller never gets as far as the cache.
/// </summary>
internal sealed class SecretReader : IAsyncDisposable
{
    private readonly IAccessGate _access;
    private readonly AuditedReads _audited;
    private readonly Session _session;
    private readonly SessionGate _sessionGate;
    private readonly BackendRouter _router;
    private readonly SecretCache _cache;
    private readonly SingleFlight _flights;
    private readonly Lanes _lanes;
    private readonly TokenBucketRateLimiter _backendReads;
    private readonly bool _lockOnAuthFailure;
    private long _hits;
    private long _misses;

    public SecretReader(
        IAccessGate access,
        IAuditLog audit,
        Session session,
        BackendRouter router,
        SecretCache cache,
        SingleFlight flights,
        Options.DaemonOptions options,
        TimeProvider clock,
        TaskScheduler? pool = null)
    {
        _audited = new AuditedReads(audit);
        (_access, _session, _router, _cache, _flights) = (access, session, router, cache, flights);
        _sessionGate = new SessionGate(session, pool);
        _lanes = new Lanes((backend, account) => new Batcher(backend, account, flights, options.EffectiveTimeToLive, clock, pool ?? TaskScheduler.Default));
        _lockOnAuthFailure = options.LockOnAuthFailure;
        Revalidation = new Revalidation(flights, audit, SeeFailure, clock);
        _backendReads = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Limits.BackendReadsBurst,
            TokensPerPeriod = options.Limits.BackendReadsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });
    }

    public Revalidation Revalidation { get; }

    public long Hits => Interlocked.Read(ref _hits);

    public long Misses => Interlocked.Read(ref _misses);

    public long Batches => _lanes.Batches;

    /// <summary>Backends and accounts that something is remembered of.</summary>
    public int OpenLanes => _lanes.Count;

    /// <summary>The failure that a backend's open circuit answers with, for whichever account; null where all are closed.</summary>
    public BackendFailure? Tripped(string backend) => _lanes.Tripped(backend);

    /// <summary>One outcome per reference, in their order; the caller disposes them. Complete on return where everything was cached.</summary>
    public ValueTask<ReadOutcome[]> ReadAsync(IReadOnlyList<SecretReference> references, ReadContext context, CancellationToken cancellation)
    {
        var ruling = _access.DecideAsync(context.Peer, references);
        return ruling.IsCompletedSuccessfully
            ? _audited.ReadAsync(references, ruling.Result, context, ReadRuled, cancellation)
            : new(ReadWhenRuledAsync(references, ruling, context, cancellation));
    }

    /// <summary>
    /// What the daemon reads for itself, to log in to a backend: the newest there is, through the same flights and batches, so that a person is not asked twice
    /// at a time. No caller's policy is asked, for whose sake it happens is chance.
    /// </summary>
    public async Task<ReadOutcome[]> ReadOwnAsync(IReadOnlyList<SecretReference> references, CancellationToken cancellation)
    {
        var outcomes = new ReadOutcome[references.Count];
        var waiting = new Waiting();
        for (var i = 0; i < references.Count; i++)
        {
            if (_router.Route(references[i], out var problem) is { } backend)
                waiting.Add(i, backend, references[i]);
            else
                outcomes[i] = ReadOutcome.Of(problem!);
        }

        return await ReadAllowed(outcomes, waiting, account: null, fresh: true, cancellation);
    }

    public ValueTask DisposeAsync() => _backendReads.DisposeAsync();

    private async Task<ReadOutcome[]> ReadWhenRuledAsync(
        IReadOnlyList<SecretReference> references, ValueTask<AccessRuling> ruling, ReadContext context, CancellationToken cancellation) =>
        await _audited.ReadAsync(references, await ruling, context, ReadRuled, cancellation);

    private ValueTask<ReadOutcome[]> ReadRuled(
        IReadOnlyList<SecretReference> references, AccessRuling ruling, ReadContext context, CancellationToken cancellation)
    {
        var outcomes = new ReadOutcome[references.Count];
        var waiting = new Waiting();
        for (var i = 0; i < references.Count; i++)
        {
            if (ruling[i].Refusal is { } refusal)
                outcomes[i] = ReadOutcome.Of(refusal with { Reference = references[i].Text });
            else if (_router.Route(references[i], out var problem) is not { } backend)
                outcomes[i] = ReadOutcome.Of(problem!);
            else
                waiting.Add(i, backend, references[i]);
        }

        if (waiting.Count > 0)
            _session.Touch();
        if (_sessionGate.Locked is not null)
            return new ValueTask<ReadOutcome[]>(ReadLockedAsync(outcomes, waiting, context, cancellation));
        return ReadAllowed(outcomes, waiting, context.Account, context.Fresh, cancellation);
    }

    /// <summary>The session is locked: each backend that is asked for something says whether it is signed in; if not, its reads end here.</summary>
    private async Task<ReadOutcome[]> ReadLockedAsync(ReadOutcome[] outcomes, Waiting waiting, ReadContext context, CancellationToken cancellation)
    {
        var open = new Waiting();
        foreach (var group in waiting.ByBackend())
        {
            var problem = await _sessionGate.TryOpenAsync(group.Key, context.Account, cancellation);
            foreach (var (index, backend, reference) in group)
            {
                if (problem is null)
                    open.Add(index, backend, reference);
                else
                    outcomes[index] = ReadOutcome.Of(problem with { Reference = reference.Text });
            }
        }

        return await ReadAllowed(outcomes, open, context.Account, context.Fresh, cancellation);
    }

    private ValueTask<ReadOutcome[]> ReadAllowed(ReadOutcome[] outcomes, Waiting waiting, string? account, bool fresh, CancellationToken cancellation)
    {
        List<(int Index, Task<ReadOutcome> Outcome)>? joined = null;
        Dictionary<ISecretBackend, List<Flight>>? begun = null;
        foreach (var (index, backend, reference) in waiting)
        {
            var key = new SecretKey(backend.Name, account, reference.Text);
            if (!fresh && _cache.Find(key) is { } cached)
            {
                Interlocked.Increment(ref _hits);
                outcomes[index] = cached;
                if (cached.IsStale && Revalidation.TryBegin(key, reference, cached.Value!) is { } refresh)
                    SendOrLand(begun ??= [], backend, refresh);
                continue;
            }

            var outcome = _flights.Join(key, reference, fresh, cancellation, out var flight);
            (joined ??= []).Add((index, outcome));
            if (flight is null)
                continue;
            SendOrLand(begun ??= [], backend, flight);
        }

        // Sent off only now, so that the references of one request leave together.
        foreach (var (backend, flights) in begun ?? [])
            _lanes.Send(backend, account, flights);
        return joined is null ? new(Finished(outcomes)) : new(GatherAsync(outcomes, joined));
    }

    private static readonly BackendFailure TooManyReads = new(
        ErrorCode.RateLimited, "too many reads in a short time would reach the backend: slow down", TimeSpan.FromSeconds(1));

    private void SendOrLand(Dictionary<ISecretBackend, List<Flight>> begun, ISecretBackend backend, Flight flight)
    {
        Interlocked.Increment(ref _misses);
        if (_backendReads.AttemptAcquire().IsAcquired)
            FlightsOf(begun, backend).Add(flight);
        else
            _flights.Land(flight, BackendOutcome.Of(TooManyReads), TimeSpan.Zero);
    }

    private static List<Flight> FlightsOf(Dictionary<ISecretBackend, List<Flight>> begun, ISecretBackend backend)
    {
        if (!begun.TryGetValue(backend, out var flights))
            begun[backend] = flights = [];
        return flights;
    }

    private async Task<ReadOutcome[]> GatherAsync(ReadOutcome[] outcomes, List<(int Index, Task<ReadOutcome> Outcome)> joined)
    {
        try
        {
            await Task.WhenAll(joined.Select(read => read.Outcome));
        }
        catch (OperationCanceledException)
        {
            // The caller is gone; what others of its reads brought is let go of.
            foreach (var read in joined.Where(read => read.Outcome.IsCompletedSuccessfully))
                read.Outcome.Result.Dispose();
            foreach (var outcome in outcomes)
                outcome.Dispose();
            throw;
        }

        foreach (var (index, outcome) in joined)
            outcomes[index] = outcome.Result;
        foreach (var outcome in outcomes)
            SeeFailure(outcome.Problem);
        return Finished(outcomes);
    }

    private void SeeFailure(Problem? problem)
    {
        if (_lockOnAuthFailure && problem?.Code == ErrorCode.SignInRequired)
            _session.Lock(LockReason.Backend);
    }

    private ReadOutcome[] Finished(ReadOutcome[] outcomes)
    {
        if (Array.Exists(outcomes, outcome => outcome.Value is not null))
            _session.Succeeded();
        return outcomes;
    }

    /// <summary>The references that are still to be read, with their places in the answer.</summary>
    private sealed class Waiting : List<(int Index, ISecretBackend Backend, SecretReference Reference)>
    {
        public void Add(int index, ISecretBackend backend, SecretReference reference) => Add((index, backend, reference));

        public IEnumerable<IGrouping<ISecretBackend, (int Index, ISecretBackend Backend, SecretReference Reference)>> ByBackend() =>
            this.GroupBy(item => item.Backend);
    }
}
