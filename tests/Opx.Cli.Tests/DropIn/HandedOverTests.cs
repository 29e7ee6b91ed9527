using Opx.Cli.DropIn;

namespace Opx.Cli.Tests.DropIn;

public sealed class HandedOverTests
{
    [Fact]
    public void Without_a_word_from_above_nobody_was_asked()
    {
        var first = HandedOver.Parse(null, null, 7);

        Assert.Equal((0, false), (first.Depth, first.IsCircle));
        Assert.Empty(first.Programs);
    }

    [Fact]
    public void What_one_hands_over_the_next_one_knows()
    {
        var first = HandedOver.Parse(null, null, 7).With("/wrap/op");
        var inTheSameProcess = HandedOver.Parse(first.ToString(), null, 7);
        var below = HandedOver.Parse(first.ToString(), null, 8);

        Assert.Equal((1, true), (inTheSameProcess.Depth, inTheSameProcess.IsCircle));
        Assert.Equal((1, false), (below.Depth, below.IsCircle));
        Assert.Equal(["/wrap/op"], below.Programs);
        Assert.Equal("8:2:/wrap/op:/usr/bin/op", below.With("/usr/bin/op").ToString());
    }

    [Fact]
    public void What_the_daemon_called_counts_as_asked_and_is_never_forgotten()
    {
        var called = HandedOver.Parse(null, "/wrap/op", 7);
        var deeper = HandedOver.Parse("6:1:/other/op", "/wrap/op", 7);

        Assert.Equal((true, true), (called.IsCircle, deeper.IsCircle));
        Assert.Equal(["/wrap/op"], called.Programs);
        Assert.Equal(["/other/op", "/wrap/op"], deeper.Programs);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("7")]
    [InlineData("-7:1")]
    public void What_is_not_ours_is_nothing(string variable) => Assert.Equal(0, HandedOver.Parse(variable, null, 7).Depth);
}
