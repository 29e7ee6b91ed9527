using System.Buffers;

namespace Opx.Policy.Matching;

/// <summary>A pattern with <c>*</c>: at the end for anything, elsewhere for what lies within one segment of a reference.</summary>
internal sealed class Glob
{
    // Not only '/': `secret/*/x` must not match `secret/a?x=/x`, which reads secret/a.
    private static readonly SearchValues<char> Borders = SearchValues.Create("/?#");

    private readonly string _literal;
    private readonly string? _middle;
    private readonly bool _isOpen;

    public Glob(string pattern)
    {
        var star = pattern.IndexOf('*');
        _isOpen = pattern is [.., '*'];
        HasWildcard = star >= 0;
        // Nearly every pattern is a text or a text and a star: those are compared in one go.
        _literal = star < 0 ? pattern : pattern[..star];
        _middle = star >= 0 && star < pattern.Length - 1 ? pattern[star..].TrimEnd('*') : null;
    }

    public bool HasWildcard { get; }

    public bool Matches(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(_literal, StringComparison.Ordinal))
            return false;
        var rest = text[_literal.Length..];
        return _middle is null ? _isOpen || rest.IsEmpty : Matches(_middle, rest);
    }

    // Only the last star has to be tried again: what an earlier one could take more of lies in the same segment, and the last one can take
    // that as well.
    private bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (p, t, star, taken) = (0, 0, -1, 0);
        while (true)
        {
            if (p == pattern.Length && (_isOpen || t == text.Length))
                return true;
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = ++p;
                taken = t;
            }
            else if (p < pattern.Length && t < text.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0 && taken < text.Length && !Borders.Contains(text[taken]))
            {
                t = ++taken;
                p = star;
            }
            else
            {
                return false;
            }
        }
    }
}
