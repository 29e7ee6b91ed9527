using System.Text.Json;
using Opx.Policy.Matching;

namespace Opx.Policy.Loading;

/// <summary>One rule. Every field that is not in the table is a fault: it was written by somebody who believes that it counts.</summary>
internal static class RuleReader
{
    public static PolicyRule Read(ref StrictReader reader)
    {
        if (reader.Token != JsonTokenType.StartObject)
            throw reader.Fault("a rule must be an object");
        var rule = new PolicyRule { Refs = [], Line = reader.Line };
        var seen = new HashSet<string>();
        while (reader.NextMember(seen) is { } member)
            rule = With(rule, member, ref reader);
        return seen.Contains("refs") ? rule : throw new PolicyFaultException(rule.Line, "a rule needs 'refs': the references it is about");
    }

    private static PolicyRule With(PolicyRule rule, string member, ref StrictReader reader) => member switch
    {
        "refs" => rule with { Refs = Patterns(ref reader) },
        "path" => rule with { Path = AbsolutePath(ref reader, member) },
        "script" => rule with { Script = AbsolutePath(ref reader, member) },
        "sha256" => rule with { Sha256 = Hash(ref reader, member) },
        "path_sha256" => rule with { PathSha256 = Hash(ref reader, member) },
        "pid" => rule with { ProcessId = (int)reader.Number(member, 1, int.MaxValue) },
        "uid" => rule with { UserId = reader.Number(member, 0, uint.MaxValue) },
        "gid" => rule with { GroupId = reader.Number(member, 0, uint.MaxValue) },
        "parents" => rule with { Parents = Paths(ref reader, member) },
        "forbidden_parents" => rule with { ForbiddenParents = Paths(ref reader, member) },
        "require_signed" => rule with { RequireSigned = reader.Boolean(member) },
        "team_id" => rule with { TeamId = NonEmpty(ref reader, member) },
        "description" => rule with { Description = reader.String(member) },
        "created_at" => rule with { CreatedAt = Moment(ref reader, member) },
        "created_by" => rule with { CreatedBy = reader.String(member) },
        "expires_at" => rule with { ExpiresAt = Expiry(ref reader, member) },
        _ => throw reader.Fault($"'{StrictReader.Shown(member)}' is not a field of a rule"),
    };

    private static List<string> Patterns(ref StrictReader reader)
    {
        var patterns = new List<string>();
        Array(ref reader, "refs");
        while (reader.Next() && reader.Token != JsonTokenType.EndArray)
        {
            var pattern = reader.String("refs");
            if (ReferencePattern.Fault(pattern) is { } fault)
                throw reader.Fault($"'{StrictReader.Shown(pattern)}' in 'refs': {fault}");
            patterns.Add(pattern);
        }

        return patterns.Count > 0 ? patterns : throw reader.Fault("'refs' is empty: name the references, or \"*\" for all");
    }

    private static List<string> Paths(ref StrictReader reader, string member)
    {
        var paths = new List<string>();
        Array(ref reader, member);
        while (reader.Next() && reader.Token != JsonTokenType.EndArray)
            paths.Add(AbsolutePath(ref reader, member));
        return paths.Count > 0 ? paths : throw reader.Fault($"'{member}' is empty: name executables, or leave it out");
    }

    private static void Array(ref StrictReader reader, string member)
    {
        if (reader.Token != JsonTokenType.StartArray)
            throw reader.Fault($"'{member}' must be an array of strings");
    }

    // What is compared exactly must be spelled as the kernel spells it, or it never matches: a deny rule would be void.
    private static string AbsolutePath(ref StrictReader reader, string member)
    {
        var path = reader.String(member);
        if (!path.StartsWith('/'))
            throw reader.Fault($"'{member}' must be an absolute path");
        if (path.Contains('\0') || (path != "/" && System.Array.Exists(path[1..].Split('/'), part => part is "" or "." or "..")))
            throw reader.Fault($"'{member}' must be a plain path, without '//', '.', '..' or a trailing '/'");
        return path;
    }

    private static string NonEmpty(ref StrictReader reader, string member) =>
        reader.String(member) is { Length: > 0 } text ? text : throw reader.Fault($"'{member}' is empty");

    private static string Hash(ref StrictReader reader, string member) =>
        reader.String(member) is { Length: 64 } hash && hash.All(char.IsAsciiHexDigit)
            ? hash.ToLowerInvariant()
            : throw reader.Fault($"'{member}' must be a SHA-256 in hex, 64 digits");

    private static DateTimeOffset Expiry(ref StrictReader reader, string member)
    {
        var moment = Moment(ref reader, member);
        // How Go writes "never set". Taken at its word it would void a deny rule.
        return moment.Year > 1 ? moment : throw reader.Fault($"'{member}' is in the year 1: leave it out for a rule that does not expire");
    }

    private static DateTimeOffset Moment(ref StrictReader reader, string member) =>
        Rfc3339.Parse(reader.String(member)) ?? throw reader.Fault($"'{member}' must be a date and time such as \"2026-12-31T23:59:59Z\"");
}
