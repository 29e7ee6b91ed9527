using Opx.Protocol;

namespace Opx.Policy.Matching;

/// <summary>A pattern's meaning, to be compared with a reference's. Where it is not clear whether both are the same, they are.</summary>
internal sealed class MeaningPattern
{
    private readonly Meaning _meaning;
    private readonly Glob[] _segments;
    private readonly Glob? _key;

    public MeaningPattern(Meaning meaning)
    {
        _meaning = meaning;
        // Each segment is compared for itself; what `*` at the end leaves open beyond is counted in Matches.
        _segments = Array.ConvertAll(meaning.Segments, segment => new Glob(segment));
        _key = meaning.Key is null ? null : new Glob(meaning.Key);
    }

    public bool Matches(Meaning reference)
    {
        if (_meaning.Scheme != reference.Scheme)
            return false;
        return _meaning.Scheme == ReferenceScheme.OnePassword
            ? MatchesOnePassword(reference)
            : MatchesPath(reference) && (_key is null || reference.Key is null || _key.Matches(reference.Key));
    }

    private bool MatchesPath(Meaning reference)
    {
        var (own, others) = (_segments.Length, reference.Segments.Length);
        return (_meaning.IsOpen ? others >= own : others == own) && AreSame(0, reference, 0, own);
    }

    // vault/item/field or vault/item/section/field, and each of them may mean the other.
    private bool MatchesOnePassword(Meaning reference)
    {
        if (MatchesPath(reference))
            return true;
        var (own, others) = (_segments.Length, reference.Segments.Length);
        if (own is not (3 or 4) || others is not (3 or 4) || own == others || !AreSame(0, reference, 0, 2))
            return false;
        // An open pattern of four names a section: a field without one may be in it.
        return (_meaning.IsOpen && own == 4) || AreSame(own - 1, reference, others - 1, 1);
    }

    private bool AreSame(int own, Meaning reference, int at, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!_segments[own + i].Matches(reference.Segments[at + i]) && (!reference.IsId[at + i] || _meaning.IsId[own + i]))
                return false;
        }

        return true;
    }
}
