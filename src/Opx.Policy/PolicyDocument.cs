namespace Opx.Policy;

/// <summary>The rules of one file, as they were read.</summary>
public sealed class PolicyDocument
{
    internal PolicyDocument(string file, IReadOnlyList<PolicyRule> allow, IReadOnlyList<PolicyRule> deny, bool defaultDeny) =>
        (File, Allow, Deny, DefaultDeny) = (file, allow, deny, defaultDeny);

    /// <summary>The path it was read from.</summary>
    public string File { get; }

    public IReadOnlyList<PolicyRule> Allow { get; }

    public IReadOnlyList<PolicyRule> Deny { get; }

    public bool DefaultDeny { get; }

    public int RuleCount => Allow.Count + Deny.Count;
}
