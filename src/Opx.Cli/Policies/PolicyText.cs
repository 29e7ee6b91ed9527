using System.Text;
using Opx.Policy;
using Opx.Policy.Editing;
using Opx.Protocol;

namespace Opx.Cli.Policies;

/// <summary>A policy for people, and for programs.</summary>
internal static class PolicyText
{
    public static string Of(PolicyDocument document)
    {
        var text = new StringBuilder(Printable.Text(document.File)).Append('\n');
        for (var i = 0; i < document.Deny.Count; i++)
            Rule(text, $"deny rule {i + 1}", document.Deny[i]);
        for (var i = 0; i < document.Allow.Count; i++)
            Rule(text, $"rule {i + 1}", document.Allow[i]);
        var rest = document switch
        {
            { DefaultDeny: true } => "everything else is denied (default_deny)",
            { Allow.Count: > 0 } => "everything else is allowed, but what a rule names is only for those it names",
            _ => "everything else is allowed",
        };
        return text.Append(rest).Append('\n').ToString();
    }

    /// <summary>The rules as they stand in the file, with their numbers and lines.</summary>
    public static string Json(PolicyDocument document)
    {
        var text = new StringBuilder("{");
        text.Append("\"policy_path\":").Append(Quoted(document.File));
        text.Append(",\"default_deny\":").Append(document.DefaultDeny ? "true" : "false");
        List(text, "deny", document.Deny);
        List(text, "allow", document.Allow);
        return text.Append("}\n").ToString();
    }

    /// <summary>Whom a rule is about.</summary>
    public static string Caller(PolicyRule rule)
    {
        var parts = new List<string>();
        Add("", rule.Path);
        Add("script ", rule.Script);
        Add("sha256 ", rule.Sha256);
        Add("path_sha256 ", rule.PathSha256);
        Add("pid ", rule.ProcessId?.ToString());
        Add("uid ", rule.UserId?.ToString());
        Add("gid ", rule.GroupId?.ToString());
        Add("below ", rule.Parents.Count > 0 ? string.Join(" or ", rule.Parents) : null);
        Add("not below ", rule.ForbiddenParents.Count > 0 ? string.Join(" or ", rule.ForbiddenParents) : null);
        Add("", rule.RequireSigned ? "signed" : null);
        Add("team ", rule.TeamId);
        return parts.Count > 0 ? string.Join(", ", parts) : "everybody";

        void Add(string name, string? value)
        {
            if (value is not null)
                parts.Add(name + Printable.Text(value));
        }
    }

    private static void Rule(StringBuilder text, string name, PolicyRule rule)
    {
        text.Append(name.PadRight(12)).Append(' ').Append(Caller(rule));
        if (rule.ExpiresAt is { } expires)
            text.Append(", until ").Append(expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss")).Append('Z');
        text.Append('\n');
        foreach (var pattern in rule.Refs)
            text.Append("             ").Append(Printable.Text(pattern)).Append('\n');
        if (rule.Description is { Length: > 0 } description)
            text.Append("             (").Append(Printable.Text(description)).Append(")\n");
    }

    private static void List(StringBuilder text, string name, IReadOnlyList<PolicyRule> rules)
    {
        text.Append(",\"").Append(name).Append("\":[");
        for (var i = 0; i < rules.Count; i++)
        {
            text.Append(i > 0 ? "," : "").Append("{\"number\":").Append(i + 1).Append(",\"line\":").Append(rules[i].Line)
                .Append(",\"rule\":").Append(RuleText.Of(rules[i])).Append('}');
        }

        text.Append(']');
    }

    private static string Quoted(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";
}
