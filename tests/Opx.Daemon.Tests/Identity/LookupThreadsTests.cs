using Opx.Daemon.Identity;

namespace Opx.Daemon.Tests.Identity;

public sealed class LookupThreadsTests
{
    [Fact]
    public async Task A_thread_that_the_system_refuses_costs_no_later_look_up()
    {
        var refusals = 3;
        using var threads = new LookupThreads(thread =>
        {
            if (refusals-- > 0)
                throw new InsufficientMemoryException();
            thread.Start();
        });

        var looks = Enumerable.Range(0, 4).Select(number => threads.RunAsync(() => number)).ToArray();

        var found = await Task.WhenAll(looks).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.Equal([0, 1, 2, 3], found);
    }
}
