using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Opx.TestKit.Vault;

/// <summary>ACL policies of a namespace: <c>path "secret/*" { capabilities = ["read"] }</c>. A path is exact, ends in <c>*</c> for what follows, or
/// has <c>+</c> for one segment; the most specific one decides, and <c>deny</c> wins (docs "concepts/policies").</summary>
internal sealed partial class AccessPolicies
{
    /// <summary>The part of the built-in policy that clients like ours meet (docs "concepts/policies#default-policy"). It lets nobody revoke a lease.</summary>
    private const string Default = """
        path "auth/token/lookup-self" { capabilities = ["read"] }
        path "auth/token/renew-self" { capabilities = ["update"] }
        path "auth/token/revoke-self" { capabilities = ["update"] }
        path "sys/capabilities-self" { capabilities = ["update"] }
        path "sys/internal/ui/resultant-acl" { capabilities = ["read"] }
        path "sys/renew" { capabilities = ["update"] }
        path "sys/leases/renew" { capabilities = ["update"] }
        path "sys/leases/lookup" { capabilities = ["update"] }
        path "cubbyhole/*" { capabilities = ["create", "read", "update", "delete", "list"] }
        path "sys/wrapping/wrap" { capabilities = ["update"] }
        path "sys/wrapping/lookup" { capabilities = ["update"] }
        path "sys/wrapping/unwrap" { capabilities = ["update"] }
        """;

    private readonly Dictionary<string, (string Text, List<Rule> Rules)> _policies = [];

    public AccessPolicies() => Put("default", Default);

    public IEnumerable<string> Names => _policies.Keys.Append("root").Order(StringComparer.Ordinal);

    public void Put(string name, string text) => _policies[name] = (text, Parse(text));

    public string? Text(string name) => _policies.TryGetValue(name, out var policy) ? policy.Text : null;

    public void Remove(string name) => _policies.Remove(name);

    public bool Allows(IEnumerable<string> policies, string path, string capability)
    {
        var best = Matching(policies, rule => rule.Matches(path)).ToList();
        if (best.Count == 0)
            return false;
        var most = best.Max(rule => rule.Weight);
        var capabilities = best.Where(rule => rule.Weight == most).SelectMany(rule => rule.Capabilities).ToHashSet();
        return !capabilities.Contains("deny")
            && (capabilities.Contains(capability) || (capability == "update" && capabilities.Contains("create")));
    }

    /// <summary>True where anything below the mount is allowed: what <c>sys/internal/ui/mounts</c> asks.</summary>
    public bool Touches(IEnumerable<string> policies, string mount) => Matching(policies, rule => rule.IsBelow(mount)).Any();

    private IEnumerable<Rule> Matching(IEnumerable<string> policies, Func<Rule, bool> which) =>
        policies.SelectMany(name => _policies.TryGetValue(name, out var policy) ? policy.Rules : []).Where(which);

    private static List<Rule> Parse(string text)
    {
        if (text.TrimStart().StartsWith('{'))
        {
            return [.. JsonNode.Parse(text)!["path"]!.AsObject().Select(path =>
                new Rule(path.Key, [.. path.Value!["capabilities"]!.AsArray().Select(item => item!.GetValue<string>())]))];
        }

        return [.. PathBlock().Matches(text).Select(block =>
            new Rule(block.Groups[1].Value, [.. Quoted().Matches(block.Groups[2].Value).Select(word => word.Groups[1].Value)]))];
    }

    [GeneratedRegex("""path\s+"([^"]*)"\s*\{[^}]*?capabilities\s*=\s*\[([^\]]*)\]""")]
    private static partial Regex PathBlock();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();

    private sealed record Rule(string Path, IReadOnlyList<string> Capabilities)
    {
        private bool IsGlob => Path.EndsWith('*');

        private string Stem => IsGlob ? Path[..^1] : Path;

        public int Weight => (Stem.Length * 2) + (IsGlob ? 0 : 1) - (Path.Count(letter => letter == '+') * 100);

        public bool Matches(string path)
        {
            if (!Stem.Contains('+'))
                return IsGlob ? path.StartsWith(Stem, StringComparison.Ordinal) : path == Path;
            var pattern = "^" + Regex.Escape(Stem).Replace("\\+", "[^/]+") + (IsGlob ? "" : "$");
            return Regex.IsMatch(path, pattern);
        }

        public bool IsBelow(string mount) => Stem.StartsWith(mount, StringComparison.Ordinal)
            || (IsGlob && mount.StartsWith(Stem, StringComparison.Ordinal)) || Stem == mount.TrimEnd('/');
    }
}
