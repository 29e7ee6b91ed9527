using Opx.Daemon.Backends.OnePassword;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.OnePassword;

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
        Assert.Equal((2, 2, 2, 51), _counter.Read());

        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal((2, 2, 2, 51), _counter.Read());

        _clock.Advance(TimeSpan.FromMinutes(2));
        _counter.Count(1);
        Assert.Equal((3, 1, 3, 52), _counter.Read());

        _clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal((3, 0, 1, 1), _counter.Read());

        _clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal((3, 0, 0, 0), _counter.Read());
    }

    [Fact]
    public void A_minute_of_another_day_is_not_counted_again()
    {
        _counter.Count(5);
        _clock.Advance(TimeSpan.FromDays(1));
        _counter.Count(2);

        Assert.Equal((2, 1, 1, 2), _counter.Read());
    }

    [Fact]
    public void A_clock_that_is_set_back_forgets_nothing_that_was_spent()
    {
        _counter.Count(5);
        _clock.SetWallClock(_clock.GetUtcNow() - TimeSpan.FromHours(2));

        Assert.Equal((1, 1, 1, 5), _counter.Read());
    }
}
