namespace Opx.Policy;

/// <summary>What the policy says of one caller and one reference.</summary>
/// <param name="Reason">One of <see cref="DefaultDeny"/> and the other constants, or <c>rule 1</c>, <c>deny rule 2</c>: as they stand in
/// the audit log.</param>
/// <param name="Rule">The number, from 1, of the rule that the reason is about: in <c>deny</c> where the reason is a deny rule, otherwise
/// in <c>allow</c>. Null where no rule is.</param>
public sealed record AccessDecision(bool Allowed, string Reason, int? Rule)
{
    /// <summary>No rule matches, and the file denies what no rule allows.</summary>
    public const string DefaultDeny = "default_deny";

    /// <summary>An <c>allow</c> rule names the reference, for somebody else.</summary>
    public const string NamedForOthers = "named for others";

    /// <summary>No rule names the reference, and the file does not deny by default.</summary>
    public const string NotNamed = "no rule names it";

    /// <summary>Spelled in a way that a backend may understand as another reference (an encoded <c>..</c>): never allowed.</summary>
    public const string Unclear = "unclear reference";

    internal static AccessDecision AllowedBy(int rule) => new(true, $"rule {rule}", rule);

    internal static AccessDecision DeniedBy(int rule) => new(false, $"deny rule {rule}", rule);
}
