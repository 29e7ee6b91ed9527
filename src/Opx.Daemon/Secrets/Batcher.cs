using Opx.Daemon.Backends;
using Opx.Protocol;

namespace Opx.Daemon.Secrets;

/// <summary>
/// Sends reads to one backend for one account. What arrives while as many batches as the backend allows are under way waits, and leaves
/// together as the next batch; a lone read leaves at once.
/// </summary>
/// <param name="pool">Where it runs: the thread pool, but for who wants to say what runs when.</param>
internal sealed class Batcher(ISecretBackend backend, string? account, SingleFlight flights, TimeSpan timeToLive, TimeProvider clock, TaskScheduler pool)
{
    // A batch is one environment block of one process, which the kernel bounds.
    private const int MostPerBatch = Limits.References;

    private readonly Lock _lock = new();
    private readonly Queue<Flight> _waiting = new();
    private readonly CircuitBreaker _breaker = new(backend.Name, clock);
    private int _underWay;
    private long _batches;

    /// <summary>Batches handed to the backend so far.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    public BackendFailure? Tripped => _breaker.Failure;

    /// <summary>Nothing is under way or waits, and the backend has not failed lately.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return _underWay == 0 && _waiting.Count == 0 && Tripped is null;
        }
    }

    /// <summary>Sends the flights off, together with whatever else waits.</summary>
    public void Send(IReadOnlyList<Flight> begun)
    {
        lock (_lock)
        {
            foreach (var flight in begun)
                _waiting.Enqueue(flight);
            if (_underWay >= backend.ConcurrentBatches)
                return;
            _underWay++;
        }

        // Leaves the thread that polls the sockets: a backend may block.
        _ = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, pool);
    }

    private async Task RunAsync()
    {
        while (Next() is { } batch)
        {
            if (batch.Count > 0)
                await ReadAsync(batch);
        }
    }

    /// <summary>What leaves next; null where nothing waits, and then this runner has left as well.</summary>
    private List<Flight>? Next()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _underWay--;
                return null;
            }

            var next = new List<Flight>(Math.Min(_waiting.Count, MostPerBatch));
            while (next.Count < MostPerBatch && _waiting.TryDequeue(out var flight))
                next.Add(flight);
            return flights.Depart(next);
        }
    }

    private async Task ReadAsync(List<Flight> batch)
    {
        Interlocked.Increment(ref _batches);
        using var abandoned = new CancellationTokenSource();
        var remaining = batch.Count;
        var registrations = batch.ConvertAll(flight => flight.Abandoned.UnsafeRegister(
            _ =>
            {
                if (Interlocked.Decrement(ref remaining) == 0)
                    abandoned.Cancel();
            },
            null));
        var outcomes = await OutcomesAsync(batch, abandoned.Token);
        foreach (var registration in registrations)
            registration.Dispose();
        for (var i = 0; i < batch.Count; i++)
            flights.Land(batch[i], outcomes[i], Lifetime(batch[i].Reference, outcomes[i]));
    }

    private async Task<IReadOnlyList<BackendOutcome>> OutcomesAsync(List<Flight> batch, CancellationToken abandoned)
    {
        try
        {
            var request = new BackendBatch([.. batch.Select(flight => flight.Reference)], account)
            {
                Fresh = batch.Where(flight => flight.IsFresh).Select(flight => flight.Reference.Text).ToHashSet(),
            };
            var outcomes = await _breaker.ReadAsync(() => backend.ReadAsync(request, abandoned), batch.Count);
            if (outcomes.Count == batch.Count)
                return outcomes;
            foreach (var outcome in outcomes)
                outcome.Value?.Dispose();
            throw new InvalidOperationException();
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            // Nobody waits for these any more.
            return Same(batch.Count, new BackendFailure(ErrorCode.BackendError, "the read was abandoned"));
        }
        catch (Exception defect)
        {
            // A backend reports what it expects as outcomes. Whatever else it throws must not leave callers waiting for ever, and its
            // text, which may hold anything, goes no further.
            return Same(batch.Count, new BackendFailure(ErrorCode.Internal, $"the backend '{backend.Name}' failed unexpectedly ({defect.GetType().Name})"));
        }
    }

    private TimeSpan Lifetime(SecretReference reference, BackendOutcome outcome)
    {
        if (outcome.Value is null || reference.IsOneTimePassword)
            return TimeSpan.Zero;
        return outcome.KeepFor is { } most && most < timeToLive ? most : timeToLive;
    }

    private static BackendOutcome[] Same(int count, BackendFailure failure) => [.. Enumerable.Repeat(BackendOutcome.Of(failure), count)];
}
