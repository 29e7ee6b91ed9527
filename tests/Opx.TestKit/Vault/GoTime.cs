using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault;

/// <summary>Times and durations as Go writes and reads them.</summary>
internal static class GoTime
{
    /// <summary>RFC3339Nano: fractions without trailing zeros.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A whole number of seconds, or <c>1h30m</c>.</summary>
    public static TimeSpan? Duration(JsonNode? node)
    {
        if (node is not JsonValue value)
            return null;
        var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        return Duration(text);
    }

    public static TimeSpan? Duration(string text)
    {
        if (double.TryParse(text, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        var (total, number) = (TimeSpan.Zero, "");
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter) || letter == '.')
            {
                number += letter;
                continue;
            }

            if (!double.TryParse(number, CultureInfo.InvariantCulture, out var amount))
                return null;
            total += letter switch
            {
                'd' => TimeSpan.FromDays(amount),
                'h' => TimeSpan.FromHours(amount),
                'm' => TimeSpan.FromMinutes(amount),
                's' => TimeSpan.FromSeconds(amount),
                _ => TimeSpan.Zero,
            };
            number = "";
        }

        return total;
    }
}
