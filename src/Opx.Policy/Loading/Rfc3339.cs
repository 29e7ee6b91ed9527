using System.Globalization;

namespace Opx.Policy.Loading;

/// <summary>A moment with its zone: <c>2026-12-31T23:59:59Z</c>, <c>…59.123456789+01:00</c>. Without a zone it is no moment.</summary>
internal static class Rfc3339
{
    private const int Seconds = 19;

    // As much of a fraction as a DateTimeOffset holds; Go writes nine digits.
    private const int MostDigits = 7;

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static DateTimeOffset? Parse(string text)
    {
        if (text.Length is <= Seconds or > 40)
            return null;
        var zone = text.AsSpan(Seconds).IndexOfAny('Z', '+', '-');
        if (zone < 0 || zone == 1 || text.AsSpan(Seconds + zone) is not ("Z" or [_, _, _, ':', _, _]))
            return null;
        if (zone > MostDigits + 1 && !text.AsSpan(Seconds + 1, zone - 1).ContainsAnyExceptInRange('0', '9'))
            text = text.Remove(Seconds + 1 + MostDigits, zone - 1 - MostDigits);
        return DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            ? moment
            : null;
    }

    public static string Text(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
