namespace Opx.Protocol.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("8h", 28_800)]
    [InlineData("7d", 604_800)]
    [InlineData("2w", 1_209_600)]
    [InlineData("1h30m", 5_400)]
    [InlineData("1w2d3h4m5s", 788_645)]
    [InlineData("007s", 7)]
    public void A_duration_is_the_sum_of_its_parts(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("s")]
    [InlineData("1h1h")]
    [InlineData("30m1h")]
    [InlineData("1.5h")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("1 h")]
    [InlineData(" 1h")]
    [InlineData("1h ")]
    [InlineData("1H")]
    [InlineData("1ms")]
    [InlineData("1y")]
    [InlineData("1h30")]
    [InlineData("٣s")]
    [InlineData("1000000000s")]
    [InlineData("999999999w")]
    public void What_is_no_duration_is_not_guessed_at(string text) => Assert.Null(Duration.Parse(text));
}
