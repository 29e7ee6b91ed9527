namespace Opx.Policy.Matching;

/// <summary>Patterns by what they begin with. There are few different lengths, so a reference is looked up once for each.</summary>
internal sealed class PrefixTable
{
    private readonly Dictionary<string, List<Candidate>> _byPrefix = [];
    private readonly Dictionary<string, List<Candidate>>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly SortedSet<int> _seenLengths = [];
    private int[] _lengths = [];

    public PrefixTable() => _lookup = _byPrefix.GetAlternateLookup<ReadOnlySpan<char>>();

    public void Add(Candidate candidate)
    {
        foreach (var prefix in candidate.Pattern.Prefixes)
        {
            if (!_byPrefix.TryGetValue(prefix, out var candidates))
                _byPrefix[prefix] = candidates = [];
            candidates.Add(candidate);
            if (_seenLengths.Add(prefix.Length))
                _lengths = [.. _seenLengths];
        }
    }

    public void Find(ReferenceReading reference, List<List<Candidate>> found)
    {
        if (reference.MayBeginWithAnything)
        {
            found.AddRange(_byPrefix.Values);
            return;
        }

        foreach (var beginning in reference.Beginnings)
        {
            foreach (var length in _lengths)
            {
                if (length > beginning.Length)
                    break;
                if (_lookup.TryGetValue(beginning.AsSpan(0, length), out var candidates))
                    found.Add(candidates);
            }
        }
    }
}
