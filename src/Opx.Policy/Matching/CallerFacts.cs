using System.Security.Cryptography;
using System.Text;

namespace Opx.Policy.Matching;

/// <summary>Whether a rule is about a caller.</summary>
internal enum Fit
{
    No,

    /// <summary>It could not be established: too little to allow, enough to deny.</summary>
    Unknown,
    Yes,
}

/// <summary>The caller for one decision: what costs something is asked once, and only if a rule wants it.</summary>
internal sealed class CallerFacts(Caller caller)
{
    private readonly Lazy<string?> _content = new(() => caller.ContentSha256()?.ToLowerInvariant(), LazyThreadSafetyMode.None);
    private readonly Lazy<CodeSignature?> _signature = new(() => caller.Signature(), LazyThreadSafetyMode.None);
    private readonly Lazy<string?> _pathHash = new(
        () => caller.Path is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller.Path))),
        LazyThreadSafetyMode.None);

    /// <summary>How well the rule's fields about the caller fit: as well as the worst of them.</summary>
    public Fit Of(PolicyRule rule)
    {
        // The cheap ones first, and the rest only where those leave something open.
        var fit = Same(rule.Path, caller.Path);
        if (fit == Fit.No
            || (rule.ProcessId is { } pid && pid != caller.ProcessId)
            || (rule.UserId is { } uid && uid != caller.UserId)
            || (rule.GroupId is { } gid && gid != caller.GroupId)
            || (rule.Script is not null && rule.Script != caller.Script))
            return Fit.No;
        fit = Least(fit, Parents(rule));
        if (fit != Fit.No && rule.PathSha256 is not null)
            fit = Least(fit, Same(rule.PathSha256, _pathHash.Value));
        if (fit != Fit.No && rule.Sha256 is not null)
            fit = Least(fit, Same(rule.Sha256, _content.Value));
        if (fit != Fit.No && rule.AsksForSignature)
            fit = Least(fit, Signed(rule));
        return fit;
    }

    private Fit Parents(PolicyRule rule)
    {
        var fit = Fit.Yes;
        if (rule.Parents.Count > 0)
            fit = Among(rule.Parents);
        if (rule.ForbiddenParents.Count > 0)
            fit = Least(fit, Opposite(Among(rule.ForbiddenParents)));
        return fit;
    }

    private Fit Among(IReadOnlyList<string> executables)
    {
        var fit = Fit.No;
        for (var i = 0; i < caller.Parents.Count; i++)
        {
            var parent = caller.Parents[i];
            for (var j = 0; j < executables.Count; j++)
            {
                if (executables[j] == parent)
                    return Fit.Yes;
            }

            if (parent == Caller.Unreadable)
                fit = Fit.Unknown;
        }

        return fit;
    }

    private Fit Signed(PolicyRule rule) => _signature.Value switch
    {
        null => Fit.Unknown,
        { IsValid: true } signature when rule.TeamId is null || rule.TeamId == signature.TeamId => Fit.Yes,
        _ => Fit.No,
    };

    private static Fit Same(string? wanted, string? fact) =>
        wanted is null || wanted == fact ? Fit.Yes : fact is null ? Fit.Unknown : Fit.No;

    private static Fit Opposite(Fit fit) => (Fit)(Fit.Yes - fit);

    private static Fit Least(Fit left, Fit right) => left < right ? left : right;
}
