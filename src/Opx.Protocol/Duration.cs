namespace Opx.Protocol;

/// <summary>Durations as they are written everywhere in opx: <c>90s</c>, <c>15m</c>, <c>8h</c>, <c>7d</c>, <c>2w</c>, <c>1h30m</c>.</summary>
public static class Duration
{
    /// <summary>The duration, or null for a text that is none. Units appear once each, the larger first.</summary>
    public static TimeSpan? Parse(string text)
    {
        const string units = "wdhms";
        var (total, last, at) = (0L, -1, 0);
        if (text.Length == 0)
            return null;
        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            if (at == start || at == text.Length || at - start > 9)
                return null;
            var unit = units.IndexOf(text[at]);
            if (unit <= last)
                return null;
            total += long.Parse(text.AsSpan(start, at - start)) * Seconds(unit);
            (last, at) = (unit, at + 1);
        }

        return total <= TimeSpan.MaxValue.TotalSeconds / 10 ? TimeSpan.FromSeconds(total) : null;
    }

    private static long Seconds(int unit) => unit switch { 0 => 604_800, 1 => 86_400, 2 => 3_600, 3 => 60, _ => 1 };
}
