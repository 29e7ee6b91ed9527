using Opx.Daemon.Backends;
using Opx.Daemon.Secrets;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Secrets;

/// <summary>A backend that is away is left alone.</summary>
public sealed class CircuitBreakerTests
{
    private static readonly BackendOutcome Away = BackendOutcome.Of(new BackendFailure(ErrorCode.BackendUnavailable, "away"));
    private static readonly BackendOutcome Answered = BackendOutcome.Of(new BackendFailure(ErrorCode.NotFound, "nothing there"));

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task It_opens_when_a_backend_goes_away_that_has_just_answered()
    {
        var breaker = new CircuitBreaker("vault", _clock);
        for (var i = 0; i < 50; i++)
            await ReadAsync(breaker, Answered);

        for (var i = 0; i < 4; i++)
            await ReadAsync(breaker, Away);
        Assert.Null(breaker.Failure);
        await ReadAsync(breaker, Away);

        Assert.NotNull(breaker.Failure);
    }

    [Fact]
    public async Task An_answer_in_between_starts_the_count_anew()
    {
        var breaker = new CircuitBreaker("vault", _clock);
        for (var i = 0; i < 20; i++)
        {
            for (var j = 0; j < 4; j++)
                await ReadAsync(breaker, Away);
            await ReadAsync(breaker, Answered);
        }

        Assert.Null(breaker.Failure);
    }

    [Fact]
    public async Task Once_its_time_is_over_one_read_finds_out()
    {
        var breaker = new CircuitBreaker("vault", _clock);
        for (var i = 0; i < 5; i++)
            await ReadAsync(breaker, Away);

        _clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(ErrorCode.NotFound, (await ReadAsync(breaker, Answered)).Failure!.Code);

        Assert.Null(breaker.Failure);
    }

    private static async Task<BackendOutcome> ReadAsync(CircuitBreaker breaker, BackendOutcome outcome) =>
        (await breaker.ReadAsync(() => Task.FromResult<IReadOnlyList<BackendOutcome>>([outcome]), 1))[0];
}
