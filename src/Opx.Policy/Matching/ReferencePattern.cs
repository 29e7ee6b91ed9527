using Opx.Protocol;

namespace Opx.Policy.Matching;

/// <summary>
/// One entry of <c>refs</c>. It is compared in two ways. <see cref="Allows"/> gives access, so it compares exactly. <see cref="MayName"/>
/// takes it away (a <c>deny</c> rule, "named for somebody else"), so it must not be escaped by another spelling of the same secret:
/// 1Password looks at no case, takes ids for names and sections as optional, Vault knows one secret with <c>data/</c> and without, and the
/// whole secret holds each of its keys.
/// </summary>
internal sealed class ReferencePattern
{
    private const string All = "*";

    private readonly bool _isAll;
    private readonly Glob _exact;
    private readonly Glob _folded;
    private readonly MeaningPattern[] _meanings;

    public ReferencePattern(string text)
    {
        _isAll = text == All;
        var parsed = _isAll ? null : SecretReference.Parse(text, out _);
        var meanings = parsed is null ? [] : Meaning.Of(parsed.Scheme, parsed.Body, isPattern: true);
        var exact = parsed is null ? All : ReferenceReading.ExactText(parsed.Scheme, parsed.Body);
        _exact = new Glob(exact);
        _folded = new Glob(Spelling.Fold(exact));
        _meanings = Array.ConvertAll(meanings, meaning => new MeaningPattern(meaning));
        Prefixes = parsed is null ? [""] : PrefixesOf(meanings, Literal(Spelling.Fold(parsed.Body)));
    }

    /// <summary>What a reference that it names begins with, in at least one of its <see cref="ReferenceReading.Beginnings"/>: a reference
    /// as it is written begins like the pattern as it is written, and what it means like what the pattern means.</summary>
    public IReadOnlyList<string> Prefixes { get; }

    /// <summary>What is wrong with an entry, or null. What could never match is wrong: in a <c>deny</c> rule it is a hole.</summary>
    public static string? Fault(string text)
    {
        if (text == All)
            return null;
        if (SecretReference.Parse(text, out var why) is not { } parsed)
            return why;
        if (Array.Exists(Meaning.Of(parsed.Scheme, parsed.Body, isPattern: true), meaning => meaning.IsUnclear))
            return "it names no path, or one with an encoded '..' or control character";
        var first = parsed.Body.Split('/')[0];
        return parsed.Scheme == ReferenceScheme.None && (first.Contains('*') || first.Contains(':'))
            ? "it names no scheme: start it with op://, vault:// or bao://, or write \"*\" for all"
            : null;
    }

    /// <summary>True where the pattern, read exactly, covers the reference.</summary>
    public bool Allows(ReferenceReading reference) =>
        _isAll || ((reference.IsPlain || !_exact.HasWildcard) && _exact.Matches(reference.Exact));

    /// <summary>True where the reference may lead to a secret that the pattern names.</summary>
    public bool MayName(ReferenceReading reference)
    {
        if (_isAll || _folded.Matches(reference.Folded))
            return true;
        foreach (var meaning in reference.Meanings)
        {
            foreach (var pattern in _meanings)
            {
                if (pattern.Matches(meaning))
                    return true;
            }
        }

        return false;
    }

    private static string[] PrefixesOf(Meaning[] meanings, string written)
    {
        var meant = meanings.Select(meaning => Literal(meaning.Beginning)).Distinct().ToArray();
        return Array.Exists(meant, prefix => written.StartsWith(prefix, StringComparison.Ordinal)) ? meant : [.. meant, written];
    }

    private static string Literal(string pattern) => pattern.Split('*')[0];
}
