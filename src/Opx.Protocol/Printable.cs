using System.Globalization;
using System.Text;

namespace Opx.Protocol;

/// <summary>Makes text of hostile origin safe to show on a terminal and in a log: one line, nothing that moves the cursor or turns the text.</summary>
public static class Printable
{
    /// <summary>The text with control, format (bidi marks among them), surrogate and private characters as <c>\u{…}</c>, cut at
    /// <paramref name="most"/> characters.</summary>
    public static string Text(string text, int most = 1_200)
    {
        var printable = new StringBuilder(Math.Min(text.Length, most) + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (printable.Length >= most)
                return printable.Append('…').ToString();
            if (IsPlain(rune))
                printable.Append(rune);
            else
                printable.Append("\\u{").Append(rune.Value.ToString("x")).Append('}');
        }

        return printable.ToString();
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
