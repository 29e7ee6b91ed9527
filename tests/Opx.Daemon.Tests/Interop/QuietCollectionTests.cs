using Opx.Daemon.Interop;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Interop;

public sealed class QuietCollectionTests
{
    private const long Megabyte = 1024 * 1024;

    private readonly ManualClock _clock = new();
    private long _allocated;
    private int _collections;

    [Fact]
    public void A_burst_is_collected_once_when_it_is_over()
    {
        using var quiet = new QuietCollection(_clock, () => _allocated, () => _collections++);
        for (var second = 0; second < 10; second++)
            Pass(10 * Megabyte);
        Assert.Equal(0, _collections);
        Pass(0);
        Assert.Equal(1, _collections);
        Pass(0);
        Pass(0);
        Assert.Equal(1, _collections);
    }

    [Fact]
    public void A_few_reads_are_not_worth_a_pause_until_they_are_many()
    {
        using var quiet = new QuietCollection(_clock, () => _allocated, () => _collections++);
        for (var interval = 0; interval < 30; interval++)
            Pass(100 * 1024);
        Assert.Equal(0, _collections);
        for (var interval = 0; interval < 15; interval++)
            Pass(100 * 1024);
        Assert.Equal(1, _collections);
    }

    private void Pass(long allocated)
    {
        _allocated += allocated;
        _clock.Advance(TimeSpan.FromSeconds(2));
    }
}
