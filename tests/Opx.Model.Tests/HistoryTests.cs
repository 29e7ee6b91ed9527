using Opx.Model.Tests.Histories;

namespace Opx.Model.Tests;

/// <summary>
/// Policy, session, cache, flights and batches against a plain model, in histories and interleavings that a seed makes. The assertions are the
/// invariants of <c>src/README.md</c>, as far as they can be stated here: <see cref="CallRules"/>, <see cref="ReadRules"/>, <see cref="History"/>.
/// </summary>
public sealed class HistoryTests
{
    private const int Histories = 3_000;

    [Fact]
    public void No_order_of_what_happens_breaks_an_invariant()
    {
        var tally = new Tally();

        var report = Search.Run(first: 1, Histories, tally);

        Assert.True(report is null, report);
        // The histories come to all that they are about.
        Assert.All((string[])["reads", "calls", "calls that ended with their last reader", "invalidations", "locks"], what => Assert.True(tally[what] > Histories / 20, $"{tally}"));
    }
}
