using Opx.Protocol;

namespace Opx.Policy.Matching;

/// <summary>A pattern's meaning, to be compared with a reference's. Where it is not clear whether both are the same, they are.</summary>
internal sealed class MeaningPattern
{
    private readonly Meaning _meaning;
    private readonly Glob[] _segments;
    private readonly bool[] _isId;
    private readonly Glob? _key;

    public MeaningPattern(Meaning meaning)
    {
        _meaning = meaning;
        // Each segment is compared for itself; what `*` at the end leaves open beyond is counted in Matches.
        _segments = Array.ConvertAll(meaning.Segments, segment => new Glob(segment));
        _isId = Array.ConvertAll(meaning.Segments, OnePasswordNames.IsId);
        _key = meaning.Key is null ? null : new Glob(meaning.Key);
    }

    /// <summary>Under which the index finds it: <c>vault/item</c>, <c>vault</c>, or nothing where a wildcard comes first.</summary>
    public string Bucket => _segments switch
    {
        [] or [{ HasWildcard: true }, ..] => "",
        [_] or [_, { HasWildcard: true }, ..] => _meaning.Segments[0],
        _ => $"{_meaning.Segments[0]}/{_meaning.Segments[1]}",
    };

    public bool Matches(Meaning reference)
    {
        if (_meaning.Scheme != reference.Scheme)
            return false;
        return _meaning.Scheme == ReferenceScheme.OnePassword
            ? MatchesOnePassword(reference.Segments)
            : MatchesPath(reference.Segments) && (_key is null || reference.Key is null || _key.Matches(reference.Key));
    }

    private bool MatchesPath(string[] segments)
    {
        var count = _segments.Length;
        if (_meaning.IsOpen ? segments.Length < count : segments.Length != count)
            return false;
        return AreSame(0, segments, 0, count);
    }

    // vault/item/field or vault/item/section/field, and each of them may mean the other.
    private bool MatchesOnePassword(string[] segments)
    {
        var count = _segments.Length;
        if (MatchesPath(segments))
            return true;
        if (count is not (3 or 4) || segments.Length is not (3 or 4) || count == segments.Length || !AreSame(0, segments, 0, 2))
            return false;
        // An open pattern of four names a section: a field without one may be in it.
        return (_meaning.IsOpen && count == 4) || AreSame(count - 1, segments, segments.Length - 1, 1);
    }

    private bool AreSame(int own, string[] segments, int at, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var segment = segments[at + i];
            var mayBeAnyName = _meaning.Scheme == ReferenceScheme.OnePassword && !_isId[own + i] && OnePasswordNames.IsId(segment);
            if (!mayBeAnyName && !_segments[own + i].Matches(segment))
                return false;
        }

        return true;
    }
}
