using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Opx.Policy.Tests;

namespace Opx.Fuzz.Tests.Plain;

/// <summary>Which <c>policy.json</c> is one, once more, from a whole document.</summary>
internal static partial class PlainPolicyFile
{
    public static bool IsGood(byte[] content)
    {
        try
        {
            if (!Utf8.IsValid(content))
                return false;
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 8 });
            return AreAll(document.RootElement, (name, value) => name switch
            {
                "allow" or "deny" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsRule),
                "default_deny" => IsFlag(value),
                _ => false,
            });
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsRule(JsonElement rule) => AreAll(rule, IsField) && rule.TryGetProperty("refs", out _);

    private static bool IsField(string name, JsonElement value) => name switch
    {
        "refs" => IsList(value, IsPattern),
        "path" or "script" => IsPath(value),
        "sha256" or "path_sha256" => Hash().IsMatch(value.GetString()!),
        "pid" => IsNumber(value, 1, int.MaxValue),
        "uid" or "gid" => IsNumber(value, 0, uint.MaxValue),
        "parents" or "forbidden_parents" => IsList(value, IsPath),
        "require_signed" => IsFlag(value),
        "team_id" => value.GetString()!.Length > 0,
        "description" or "created_by" => IsText(value),
        "created_at" => Moment(value) is not null,
        "expires_at" => Moment(value)?.Year > 1,
        _ => false,
    };

    private static bool AreAll(JsonElement element, Func<string, JsonElement, bool> isGood)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return false;
        var seen = new HashSet<string>();
        return element.EnumerateObject().All(member => seen.Add(member.Name) && member.Value.ValueKind != JsonValueKind.Null && isGood(member.Name, member.Value) && (member.Value.ValueKind != JsonValueKind.String || IsText(member.Value)));
    }

    private static bool IsList(JsonElement list, Func<JsonElement, bool> isGood) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 && list.EnumerateArray().All(element => IsText(element) && isGood(element));

    private static bool IsText(JsonElement text) => text.ValueKind == JsonValueKind.String && text.GetString() is not null;

    private static bool IsFlag(JsonElement flag) => flag.ValueKind is JsonValueKind.True or JsonValueKind.False;

    private static bool IsNumber(JsonElement number, uint least, uint most) =>
        number.ValueKind == JsonValueKind.Number && number.TryGetUInt32(out var value) && value >= least && value <= most;

    private static bool IsPath(JsonElement text) => text.GetString()! is var path && (path == "/" || PlainPath().IsMatch(path));

    private static bool IsPattern(JsonElement text)
    {
        var pattern = text.GetString()!;
        if (pattern == "*")
            return true;
        if (Protocol.SecretReference.Parse(pattern, out _) is null || PlainReference.Readings(pattern).Any(reading => reading.IsUnclear))
            return false;
        var first = pattern.Split('/')[0];
        return Scheme().IsMatch(pattern) || !(first.Contains('*') || first.Contains(':'));
    }

    private static DateTimeOffset? Moment(JsonElement text)
    {
        var match = Rfc3339().Match(text.GetString()!);
        if (!match.Success || text.GetString()!.Length > 40)
            return null;
        var fraction = match.Groups[2].Value is { Length: > 8 } digits ? digits[..8] : match.Groups[2].Value;
        return DateTimeOffset.TryParse(match.Groups[1].Value + fraction + match.Groups[3].Value, CultureInfo.InvariantCulture, out var moment) ? moment : null;
    }

    [GeneratedRegex(@"\A[0-9A-Fa-f]{64}\z")]
    private static partial Regex Hash();

    [GeneratedRegex(@"\A(?:/(?!\.{1,2}(?:/|\z))[^/\0]+)+\z")]
    private static partial Regex PlainPath();

    [GeneratedRegex(@"\A(?:op|vault|bao)://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"\A([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Rfc3339();
}
