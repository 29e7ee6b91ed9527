using System.Text.RegularExpressions;

namespace Opx.Daemon.Backends.OnePassword;

/// <summary>
/// How long 1Password wants to be left alone: <c>Please retry in 58 minutes</c>, <c>… in 1 hour 3 minutes</c>, <c>… after 90s</c>.
/// </summary>
internal static partial class RetryAfter
{
    private static readonly TimeSpan Unsaid = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(1);

    public static TimeSpan In(string message)
    {
        var phrase = Phrase().Match(message);
        if (!phrase.Success)
            return Unsaid;
        var total = TimeSpan.Zero;
        foreach (Match part in Part().Matches(message, phrase.Index + phrase.Length))
        {
            var count = int.TryParse(part.Groups[1].ValueSpan, out var number) ? Math.Min(number, 1_000_000) : 1;
            var wait = part.Groups[2].Value[0] switch
            {
                'd' or 'D' => TimeSpan.FromDays(count),
                'h' or 'H' => TimeSpan.FromHours(count),
                'm' or 'M' => TimeSpan.FromMinutes(count),
                _ => TimeSpan.FromSeconds(count),
            };
            total = total + wait < Most ? total + wait : Most;
        }

        return total <= TimeSpan.Zero ? Unsaid : total;
    }

    public static string Words(TimeSpan wait) => wait switch
    {
        { TotalSeconds: < 120 } => $"{Math.Ceiling(wait.TotalSeconds):0} seconds",
        { TotalMinutes: < 120 } => $"{Math.Ceiling(wait.TotalMinutes):0} minutes",
        _ => $"{Math.Ceiling(wait.TotalHours):0} hours",
    };

    [GeneratedRegex(@"retry (?:in|after):?", RegexOptions.IgnoreCase)]
    private static partial Regex Phrase();

    // One count and unit behind the other; \G ends it at the first word that is neither.
    [GeneratedRegex(
        @"\G[\s,]*(?:about\s+|and\s+)?(\d{1,9}|an?)\s*(d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])",
        RegexOptions.IgnoreCase)]
    private static partial Regex Part();
}
