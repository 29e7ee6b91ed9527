using System.Globalization;
using System.Text;

namespace Opx.Protocol.Tests;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain, with ünïcödé, 中文 and 😀", "plain, with ünïcödé, 中文 and 😀")]
    [InlineData("\u001b[2J\u001b]0;title\a", "\\u{1b}[2J\\u{1b}]0;title\\u{7}")]
    [InlineData("a\nb\rc\td\0", "a\\u{a}b\\u{d}c\\u{9}d\\u{0}")]
    [InlineData("\u009b31m\u0085", "\\u{9b}31m\\u{85}")]
    [InlineData("\u202eevil\u2066x\u2069", "\\u{202e}evil\\u{2066}x\\u{2069}")]
    [InlineData("\u2028\u2029", "\\u{2028}\\u{2029}")]
    [InlineData("\u200b\ufeff\u00ad", "\\u{200b}\\u{feff}\\u{ad}")]
    [InlineData("\ue000\U000f0000\U000e0041", "\\u{e000}\\u{f0000}\\u{e0041}")]
    public void What_moves_the_cursor_or_turns_the_text_is_spelled_out(string text, string printable) => Assert.Equal(printable, Printable.Text(text));

    [Fact]
    public void No_character_at_all_gets_through_that_is_no_text()
    {
        for (var c = 0; c <= 0xffff; c++)
        {
            foreach (var rune in Printable.Text(((char)c).ToString()).EnumerateRunes())
                Assert.False(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.Surrogate, $"{c:x}");
        }
    }

    [Fact]
    public void A_long_text_is_cut_and_shows_it()
    {
        Assert.Equal("abc", Printable.Text("abc", 3));
        Assert.Equal("abc…", Printable.Text("abcd", 3));
        Assert.InRange(Printable.Text(new string('\u001b', 10_000), 100).Length, 100, 110);
    }
}
