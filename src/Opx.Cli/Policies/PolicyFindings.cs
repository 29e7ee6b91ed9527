using Opx.Policy;
using Opx.Policy.Editing;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Cli.Policies;

/// <summary>What <c>opx policy check</c> finds in a file that is valid: what it says and what can have no effect here and now.</summary>
internal static class PolicyFindings
{
    public static IReadOnlyList<PolicyFault> Of(PolicyLoad load, DateTimeOffset now)
    {
        if (load.Fault is { } fault)
            return [fault];
        var document = load.Document!;
        var found = new List<PolicyFault>(load.Warnings);
        foreach (var (list, rules) in new[] { (RuleList.Deny, document.Deny), (RuleList.Allow, document.Allow) })
        {
            for (var i = 0; i < rules.Count; i++)
            {
                var name = list == RuleList.Deny ? $"deny rule {i + 1}" : $"rule {i + 1}";
                found.AddRange(Of(rules[i], now).Select(what => new PolicyFault(document.File, rules[i].Line, $"{name} {what}")));
            }
        }

        return [.. found.OrderBy(finding => finding.Line)];
    }

    private static IEnumerable<string> Of(PolicyRule rule, DateTimeOffset now)
    {
        if (rule.ExpiresAt <= now)
            yield return "has expired: remove it, or give it a later 'expires_at'";
        foreach (var (field, path) in Paths(rule))
        {
            // The kernel names executables without links, so a link is never the caller's path.
            if (RealPath.Of(path) is { } real && real != path)
                yield return $"never matches: '{field}' is {Printable.Text(path)}, which leads to {Printable.Text(real)}: name that";
        }
    }

    private static IEnumerable<(string Field, string Path)> Paths(PolicyRule rule)
    {
        if (rule.Path is not null)
            yield return ("path", rule.Path);
        if (rule.Script is not null)
            yield return ("script", rule.Script);
        foreach (var parent in rule.Parents)
            yield return ("parents", parent);
        foreach (var parent in rule.ForbiddenParents)
            yield return ("forbidden_parents", parent);
    }
}
