namespace Opx.Policy.Matching;

/// <summary>A rule and its number in the file, from 1.</summary>
internal sealed record NumberedRule(int Number, PolicyRule Rule);

/// <summary>One pattern of one rule.</summary>
internal readonly record struct Candidate(NumberedRule Rule, ReferencePattern Pattern);

/// <summary>
/// The few patterns that can have something to do with a caller and a reference: found by the executable that the rule names, and by what
/// the pattern begins with. It only leaves out what cannot match; whether the rest does is not decided here.
/// </summary>
internal sealed class RuleIndex
{
    private const string AnyPath = "";

    private readonly Dictionary<string, PrefixTable> _byPath = [];
    private readonly bool _looksAtPath;

    /// <param name="rules">In the file's order.</param>
    /// <param name="looksAtPath">False: the rules for everybody's executable are found.</param>
    public RuleIndex(IReadOnlyList<PolicyRule> rules, bool looksAtPath)
    {
        _looksAtPath = looksAtPath;
        for (var i = 0; i < rules.Count; i++)
        {
            var path = looksAtPath && rules[i].Path is { } named ? named : AnyPath;
            if (!_byPath.TryGetValue(path, out var table))
                _byPath[path] = table = new PrefixTable();
            var rule = new NumberedRule(i + 1, rules[i]);
            foreach (var text in rules[i].Refs)
                table.Add(new Candidate(rule, new ReferencePattern(text)));
        }
    }

    /// <summary>Lists of candidates, each in the file's order.</summary>
    /// <param name="path">The caller's executable; null where it is not known and may be any.</param>
    public List<List<Candidate>> Find(string? path, ReferenceReading reference)
    {
        var found = new List<List<Candidate>>(4);
        if (_looksAtPath && path is null)
        {
            foreach (var table in _byPath.Values)
                table.Find(reference, found);
            return found;
        }

        if (_byPath.TryGetValue(AnyPath, out var forAll))
            forAll.Find(reference, found);
        if (_looksAtPath && path!.Length > 0 && _byPath.TryGetValue(path, out var forPath))
            forPath.Find(reference, found);
        return found;
    }
}
