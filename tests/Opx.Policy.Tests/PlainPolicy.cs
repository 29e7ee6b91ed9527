using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opx.Policy.Tests;

/// <summary>
/// The table once more, as plainly as it can be said: from the JSON itself, rule by rule, with regular expressions, no index, nothing
/// shared with the code it is compared with. Slow, and meant to be read beside the table.
/// </summary>
internal sealed class PlainPolicy(string json, Caller caller, DateTimeOffset now)
{
    private enum Known
    {
        No,
        Maybe,
        Yes,
    }

    private readonly JsonElement _root = JsonDocument.Parse(json).RootElement;

    public string Decide(string reference)
    {
        if (PlainReference.Readings(reference).Any(reading => reading.IsUnclear))
            return "unclear reference";
        var (deny, allow) = (Rules("deny"), Rules("allow"));
        for (var i = 0; i < deny.Count; i++)
        {
            var isNamed = Refs(deny[i]).Any(pattern => PlainReference.MayMean(pattern, reference));
            if (!IsExpired(deny[i]) && isNamed && About(deny[i]) != Known.No)
                return $"deny rule {i + 1}";
        }

        for (var i = 0; i < allow.Count; i++)
        {
            var isNamed = Refs(allow[i]).Any(pattern => PlainReference.IsExactly(pattern, reference));
            if (!IsExpired(allow[i]) && isNamed && About(allow[i]) == Known.Yes)
                return $"rule {i + 1}";
        }

        if (_root.TryGetProperty("default_deny", out var value) && value.GetBoolean())
            return "default_deny";
        var isForOthers = allow.Any(rule => Refs(rule).Any(pattern => PlainReference.MayMean(pattern, reference))
            && (IsExpired(rule) || About(rule) != Known.Yes));
        return isForOthers ? "named for others" : "no rule names it";
    }

    private List<JsonElement> Rules(string name) => _root.TryGetProperty(name, out var rules) ? [.. rules.EnumerateArray()] : [];

    private static List<string> Refs(JsonElement rule) => Strings(rule, "refs");

    private static List<string> Strings(JsonElement rule, string name) =>
        rule.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(value => value.GetString()!)] : [];

    private bool IsExpired(JsonElement rule) => rule.TryGetProperty("expires_at", out var moment) && moment.GetDateTimeOffset() <= now;

    /// <summary>The worst of the rule's fields.</summary>
    private Known About(JsonElement rule)
    {
        var all = new List<Known>();
        foreach (var field in rule.EnumerateObject())
        {
            all.Add(field.Name switch
            {
                "path" => Text(field.Value, caller.Path),
                "script" => field.Value.GetString() == caller.Script ? Known.Yes : Known.No,
                "sha256" => Text(field.Value, caller.ContentSha256()),
                "path_sha256" => Text(field.Value, caller.Path is null
                    ? null
                    : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller.Path)))),
                "pid" => field.Value.GetInt32() == caller.ProcessId ? Known.Yes : Known.No,
                "uid" => field.Value.GetUInt32() == caller.UserId ? Known.Yes : Known.No,
                "gid" => field.Value.GetUInt32() == caller.GroupId ? Known.Yes : Known.No,
                "parents" => Ancestor(Strings(rule, "parents")),
                "forbidden_parents" => Not(Ancestor(Strings(rule, "forbidden_parents"))),
                "require_signed" when field.Value.GetBoolean() => caller.Signature() is not { } signature ? Known.Maybe
                    : signature.IsValid ? Known.Yes : Known.No,
                "team_id" => caller.Signature() is not { } signature ? Known.Maybe
                    : signature.IsValid && signature.TeamId == field.Value.GetString() ? Known.Yes : Known.No,
                _ => Known.Yes,
            });
        }

        return all.Min();
    }

    private static Known Not(Known known) => known switch { Known.Yes => Known.No, Known.No => Known.Yes, _ => Known.Maybe };

    private static Known Text(JsonElement wanted, string? fact) =>
        fact is null ? Known.Maybe : wanted.GetString() == fact ? Known.Yes : Known.No;

    private Known Ancestor(List<string> wanted) => caller.Parents.Any(wanted.Contains) ? Known.Yes
        : caller.Parents.Contains(Caller.Unreadable) ? Known.Maybe : Known.No;
}

/// <summary>The two ways of comparing references, plainly.</summary>
internal static class PlainReference
{
    public static bool IsExactly(string pattern, string reference)
    {
        if (pattern == "*")
            return true;
        if (pattern.Contains('*') && !IsPlain(reference))
            return false;
        return Like(Exact(pattern), Exact(reference));
    }

    public static bool MayMean(string pattern, string reference)
    {
        if (pattern == "*" || Like(Exact(pattern).ToLowerInvariant(), Exact(reference).ToLowerInvariant()))
            return true;
        return Readings(pattern).Any(named => Readings(reference).Any(asked => named.Scheme == asked.Scheme && Covers(named, asked)));
    }

    /// <summary>The reference in each backend that it may go to.</summary>
    public static List<Reading> Readings(string text)
    {
        var (scheme, body) = Split(text);
        string[] schemes = scheme.Length > 0 ? [scheme] : ["op", "vault", "bao"];
        return [.. schemes.Select(each => Of(each, body))];
    }

    internal sealed record Reading(string Scheme, List<string> Parts, string? Key, bool HasStarAtEnd)
    {
        public bool IsUnclear => Parts.Count == 0 || Parts.Contains("..") || Parts.Any(part => part.Any(char.IsControl));
    }

    private static Reading Of(string scheme, string body)
    {
        for (var i = 0; i < 4; i++)
            body = Regex.IsMatch(body, "%[0-9A-Fa-f]{2}") ? Uri.UnescapeDataString(body) : body;
        body = body.ToLowerInvariant().Replace('\\', '/');
        var path = Regex.Match(body, "^[^?#]*").Value;
        var key = Regex.Match(body[path.Length..], "^[^#]*#([^#?]+)([?][^#]*)?$") is { Success: true } match ? match.Groups[1].Value : null;
        var parts = path.Split('/').Select(part => part.Trim()).Where(part => part is not ("" or ".")).ToList();
        if (scheme != "op")
            parts = [.. parts.Where((part, i) => i == 0 || part != "data")];
        return new Reading(scheme, parts, scheme == "op" ? null : key, path.Length == body.Length && body.EndsWith('*'));
    }

    private static bool Covers(Reading named, Reading asked)
    {
        if (named.Scheme != "op")
            return Below(named, asked.Parts, named.HasStarAtEnd) && (named.Key is null || asked.Key is null || Like(named.Key, asked.Key));
        if (Below(named, asked.Parts, named.HasStarAtEnd || named.Parts.Count < 3))
            return true;
        // The section that one of the two leaves out.
        if (named.Parts.Count == 3 && asked.Parts.Count == 4)
            return Below(named, [.. asked.Parts[..2], asked.Parts[3]], false);
        if (named.Parts.Count == 4 && asked.Parts.Count == 3)
            return Same(named, 0, asked.Parts[0]) && Same(named, 1, asked.Parts[1])
                && (named.HasStarAtEnd || Same(named, 3, asked.Parts[2]));
        return false;
    }

    private static bool Below(Reading named, List<string> asked, bool andBelow) =>
        (andBelow ? asked.Count >= named.Parts.Count : asked.Count == named.Parts.Count)
        && Enumerable.Range(0, named.Parts.Count).All(i => Same(named, i, asked[i]));

    private static bool Same(Reading named, int i, string asked) => Like(named.Parts[i], asked)
        || (named.Scheme == "op" && Regex.IsMatch(asked, "^[a-z0-9]{26}$") && !Regex.IsMatch(named.Parts[i], "^[a-z0-9]{26}$"));

    private static bool Like(string pattern, string text)
    {
        var pieces = pattern.TrimEnd('*').Split('*').Select(Regex.Escape);
        return Regex.IsMatch(text, $"\\A{string.Join("[^/?#]*", pieces)}{(pattern.EndsWith('*') ? ".*" : "")}\\z", RegexOptions.Singleline);
    }

    private static bool IsPlain(string reference)
    {
        var body = Split(reference).Body;
        return !Regex.IsMatch(body, @"%[0-9A-Fa-f]{2}|\\")
            && Regex.Match(body, "^[^?#]*").Value.Split('/').All(part => part.Trim().Length > 0 && part == part.Trim() && part != ".");
    }

    private static string Exact(string text)
    {
        var (scheme, body) = Split(text);
        if (scheme.Length == 0)
            return body;
        return scheme + "://" + (scheme == "op" ? Regex.Replace(body, "^[^/?#]*", vault => vault.Value.ToLowerInvariant()) : body);
    }

    private static (string Scheme, string Body) Split(string text)
    {
        var match = Regex.Match(text, "^(op|vault|bao)://(.*)$", RegexOptions.IgnoreCase);
        return match.Success ? (match.Groups[1].Value.ToLowerInvariant(), match.Groups[2].Value) : ("", text);
    }
}
