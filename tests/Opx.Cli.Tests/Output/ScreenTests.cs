using Opx.Cli.Output;

namespace Opx.Cli.Tests.Output;

public sealed class ScreenTests
{
    [Theory]
    [InlineData("opx: a message that is longer than forty columns are", "opx: a message that is longer than forty\n  columns are")]
    [InlineData("opx: exactly forty columns, and no more.", "opx: exactly forty columns, and no more.")]
    [InlineData(
        "ok     socket    a reason that goes on below where it began, twice",
        "ok     socket    a reason that goes on\n                 below where it began,\n                 twice")]
    [InlineData("cannot read /a/very/long/path/that/has/no/place/to/break/it: no such file",
        "cannot read\n  /a/very/long/path/that/has/no/place/to/break/it:\n  no such file")]
    [InlineData("/one/word/that/is/longer/than/the/whole/line/is", "/one/word/that/is/longer/than/the/whole/line/is")]
    [InlineData("漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字", "漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字\n  漢字")]
    [InlineData("one\n\ntwo\n", "one\n\ntwo\n")]
    public void A_line_is_broken_between_words_and_goes_on_below_its_text(string text, string fitted) =>
        Assert.Equal(fitted, new Screen(40, false).Fit(text));

    [Fact]
    public void Into_a_file_lines_go_as_long_as_they_are()
    {
        var line = string.Join(' ', Enumerable.Range(0, 100));
        Assert.Equal(line, new Screen(int.MaxValue, false).Fit(line));
    }

    [Fact]
    public void Nothing_is_lost_or_added_but_breaks_at_any_width()
    {
        var text = "  backend   unavailable (no op is on the daemon's path: install it); 0 calls, 0 in the last hour,   0 references";
        for (var width = 40; width < 130; width++)
        {
            var fitted = new Screen(width, false).Fit(text);
            Assert.All(fitted.Split('\n'), line => Assert.InRange(line.Length, 1, width));
            Assert.Equal(Words(text), Words(fitted));
        }

        static string[] Words(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }
}
