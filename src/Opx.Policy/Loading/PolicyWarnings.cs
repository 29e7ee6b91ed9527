using Opx.Policy.Matching;

namespace Opx.Policy.Loading;

/// <summary>What a valid file says and cannot have the effect of.</summary>
internal static class PolicyWarnings
{
    public static IReadOnlyList<PolicyFault> Of(PolicyDocument document)
    {
        var warnings = new List<PolicyFault>();
        for (var i = 0; i < document.Deny.Count; i++)
            Add(document.Deny[i], $"deny rule {i + 1}", isDeny: true);
        for (var i = 0; i < document.Allow.Count; i++)
            Add(document.Allow[i], $"rule {i + 1}", isDeny: false);
        return [.. warnings.OrderBy(warning => warning.Line)];

        void Add(PolicyRule rule, string name, bool isDeny)
        {
            void Warn(string what) => warnings.Add(new PolicyFault(document.File, rule.Line, $"{name} {what}"));

            if (rule.AsksForSignature && !OperatingSystem.IsMacOS())
                Warn("asks for a signature, which only macOS can tell: here it "
                    + (isDeny ? "denies whether or not there is one" : "never allows"));
            if (!isDeny && rule is { Script: not null, Path: null, Sha256: null })
                Warn("names a script and no interpreter: any program called like one will do; add its path");
            // 1Password reads the same secret under its name, of which we know nothing.
            if (rule.Refs.FirstOrDefault(OnePasswordNames.NamesById) is { } byId && (isDeny || !document.DefaultDeny))
                Warn($"names '{StrictReader.Shown(byId)}' by an id: whoever uses the name instead is not stopped; "
                    + (isDeny ? "deny the name as well" : "set default_deny"));
        }
    }
}
