using Opx.Daemon.Backends;
using Opx.Protocol;
using Polly;
using Polly.CircuitBreaker;

namespace Opx.Daemon.Secrets;

/// <summary>
/// Leaves a backend alone that is away: after repeated unavailability for a while, after a <c>429</c> for as long as the backend says. What
/// is asked in the meantime gets the failure that opened the circuit.
/// </summary>
internal sealed class CircuitBreaker
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RateLimitBreak = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _clock;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly CircuitBreakerManualControl _control = new();
    private readonly ResiliencePipeline<IReadOnlyList<BackendOutcome>> _pipeline;
    private readonly BackendFailure _unavailable;
    private volatile RateLimit? _rateLimit;
    private long _opened;

    public CircuitBreaker(string backend, TimeProvider clock)
    {
        _clock = clock;
        _unavailable = new BackendFailure(
            ErrorCode.BackendUnavailable, $"'{backend}' has failed several times in a row and is left alone for {Break.TotalSeconds:0} seconds; 'opx status' shows its state");
        _pipeline = new ResiliencePipelineBuilder<IReadOnlyList<BackendOutcome>> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<IReadOnlyList<BackendOutcome>>
            {
                FailureRatio = 1,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = Break,
                StateProvider = _state,
                OnOpened = _ =>
                {
                    Interlocked.Exchange(ref _opened, clock.GetTimestamp());
                    return default;
                },
                ManualControl = _control,
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result is { } outcomes && IsAway(outcomes)),
            })
            .Build();
    }

    /// <summary>The failure that reads get now without the backend being asked; null where the circuit is closed.</summary>
    /// <remarks>Polly's breaker stays open until somebody reads again; from the end of the pause on that read would be tried.</remarks>
    public BackendFailure? Failure =>
        RateLimited() ?? (_state.CircuitState == CircuitState.Open && _clock.GetElapsedTime(Interlocked.Read(ref _opened)) < Break ? _unavailable : null);

    public async Task<IReadOnlyList<BackendOutcome>> ReadAsync(Func<Task<IReadOnlyList<BackendOutcome>>> read, int references)
    {
        if (RateLimited() is { } limited)
            return [.. Enumerable.Repeat(BackendOutcome.Of(limited), references)];
        try
        {
            var outcomes = await _pipeline.ExecuteAsync(async _ => await read());
            if (outcomes.FirstOrDefault(outcome => outcome.Failure?.Code == ErrorCode.RateLimited).Failure is { } failure)
                _rateLimit = new RateLimit(failure, _clock.GetTimestamp(), failure.RetryAfter ?? RateLimitBreak);
            // Polly counts shares of a window: what went well before an outage is none of it.
            if (!IsAway(outcomes))
                await _control.CloseAsync();
            return outcomes;
        }
        catch (BrokenCircuitException)
        {
            return [.. Enumerable.Repeat(BackendOutcome.Of(_unavailable), references)];
        }
    }

    private static bool IsAway(IReadOnlyList<BackendOutcome> outcomes) =>
        outcomes.All(outcome => outcome.Failure?.Code is ErrorCode.BackendUnavailable);

    private BackendFailure? RateLimited()
    {
        if (_rateLimit is not { } limit)
            return null;
        var left = limit.For - _clock.GetElapsedTime(limit.Since);
        return left > TimeSpan.Zero ? limit.Failure with { RetryAfter = left } : null;
    }

    // Polly's breaker opens for a share of failures in a window; a 429 names its own time and counts at once.
    private sealed record RateLimit(BackendFailure Failure, long Since, TimeSpan For);
}
