using Opx.Policy.Matching;
using Opx.Protocol;

namespace Opx.Policy;

/// <summary>The decision. It looks at nothing but its arguments, keeps nothing, and may be asked from many threads at once.</summary>
public sealed class AccessPolicy
{
    private readonly RuleIndex _deny;
    private readonly RuleIndex _allow;
    private readonly RuleIndex _named;

    /// <summary>Compiles the rules; the one costly step.</summary>
    public AccessPolicy(PolicyDocument document)
    {
        Document = document;
        _deny = new RuleIndex(document.Deny, looksAtPath: true);
        _allow = new RuleIndex(document.Allow, looksAtPath: true);
        _named = new RuleIndex(document.Allow, looksAtPath: false);
    }

    public PolicyDocument Document { get; }

    /// <summary>May this caller read this reference? In this order: a <c>deny</c> rule that matches, an <c>allow</c> rule that matches,
    /// <c>default_deny</c>, a reference that an <c>allow</c> rule names for somebody else; what is left is allowed.</summary>
    public AccessDecision Decide(Caller caller, SecretReference reference, DateTimeOffset now)
    {
        var (reading, facts) = (new ReferenceReading(reference), new CallerFacts(caller));
        if (reading.IsUnclear)
            return new AccessDecision(false, AccessDecision.Unclear, null);
        if (DeniedBy(caller.Path, reading, facts, now) is { } deny)
            return AccessDecision.DeniedBy(deny);
        if (AllowedBy(caller.Path, reading, facts, now) is { } allow)
            return AccessDecision.AllowedBy(allow);
        if (Document.DefaultDeny)
            return new AccessDecision(false, AccessDecision.DefaultDeny, null);
        return NamedForOthers(reading, facts, now) is { } named
            ? new AccessDecision(false, AccessDecision.NamedForOthers, named)
            : new AccessDecision(true, AccessDecision.NotNamed, null);
    }

    private int? DeniedBy(string? path, ReferenceReading reading, CallerFacts facts, DateTimeOffset now) =>
        First(_deny.Find(path, reading), candidate =>
            !IsOver(candidate, now) && candidate.Pattern.MayName(reading) && facts.Of(candidate.Rule.Rule) != Fit.No);

    private int? AllowedBy(string? path, ReferenceReading reading, CallerFacts facts, DateTimeOffset now) =>
        First(_allow.Find(path, reading), candidate =>
            !IsOver(candidate, now) && candidate.Pattern.Allows(reading) && facts.Of(candidate.Rule.Rule) == Fit.Yes);

    // An expired rule allows nobody and still says that the reference is not for everybody: otherwise the end of the only permission would
    // open the reference to all, and to the one who lost it first.
    private int? NamedForOthers(ReferenceReading reading, CallerFacts facts, DateTimeOffset now) =>
        First(_named.Find(null, reading), candidate =>
            candidate.Pattern.MayName(reading) && (IsOver(candidate, now) || facts.Of(candidate.Rule.Rule) != Fit.Yes));

    /// <summary>The lowest number of a rule that passes; each list is in the file's order.</summary>
    private static int? First(List<List<Candidate>> lists, Func<Candidate, bool> passes)
    {
        int? first = null;
        foreach (var list in lists)
        {
            foreach (var candidate in list)
            {
                if (candidate.Rule.Number >= first)
                    break;
                if (!passes(candidate))
                    continue;
                first = candidate.Rule.Number;
                break;
            }
        }

        return first;
    }

    private static bool IsOver(Candidate candidate, DateTimeOffset now) => candidate.Rule.Rule.ExpiresAt <= now;
}
