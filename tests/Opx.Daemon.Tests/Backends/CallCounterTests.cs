using Opx.Daemon.Backends;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends;

public sealed class CallCounterTests
{
    private readonly ManualClock _clock = new();
    private readonly CallCounter _counter;

    public CallCounterTests() => _counter = new CallCounter(_clock);

    [Fact]
    public void Calls_leave_the_hour_the_day_and_never_the_total()
    {
        _counter.Count(1);
        _counter.Count(50);
        Counts(2, 2, 2, 51);

        _clock.Advance(TimeSpan.FromMinutes(59));
        Counts(2, 2, 2, 51);

        _clock.Advance(TimeSpan.FromMinutes(2));
        _counter.Count(1);
        Counts(3, 1, 3, 52);

        _clock.Advance(TimeSpan.FromHours(23));
        Counts(3, 0, 1, 1);

        _clock.Advance(TimeSpan.FromHours(24));
        Counts(3, 0, 0, 0);
    }

    [Fact]
    public void A_minute_of_another_day_is_not_counted_again()
    {
        _counter.Count(5);
        _clock.Advance(TimeSpan.FromDays(1));
        _counter.Count(2);

        Counts(2, 1, 1, 2);
    }

    [Fact]
    public void A_clock_that_is_set_forgets_nothing_that_was_spent()
    {
        _counter.Count(5);
        _clock.SetWallClock(_clock.GetUtcNow() + TimeSpan.FromDays(2));

        Counts(1, 1, 1, 5);
    }

    private void Counts(long calls, long hour, long day, long references) =>
        Assert.Equal(new BackendStatus("x", "ready", null, calls, hour, day, references), _counter.Status("x", "ready", detail: null));
}
