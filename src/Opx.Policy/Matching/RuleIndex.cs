namespace Opx.Policy.Matching;

/// <summary>A rule and its number in the file, from 1.</summary>
internal sealed record NumberedRule(int Number, PolicyRule Rule);

/// <summary>One pattern of one rule.</summary>
internal readonly record struct Candidate(NumberedRule Rule, ReferencePattern Pattern);

/// <summary>
/// The few patterns that can have something to do with a caller and a reference: found by the executable that the rule names, and by the
/// first two segments of the pattern. Only leaves out what cannot match; whether the rest does is not decided here.
/// </summary>
internal sealed class RuleIndex
{
    private const string AnyPath = "";

    private readonly Dictionary<string, Dictionary<string, List<Candidate>>> _byPath = [];
    private readonly bool _looksAtPath;

    /// <param name="rules">In the file's order.</param>
    /// <param name="looksAtPath">False: the rules for everybody's executable are found.</param>
    public RuleIndex(IReadOnlyList<PolicyRule> rules, bool looksAtPath)
    {
        _looksAtPath = looksAtPath;
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = new NumberedRule(i + 1, rules[i]);
            var buckets = Of(looksAtPath && rules[i].Path is { } path ? path : AnyPath);
            foreach (var text in rules[i].Refs)
            {
                var pattern = new ReferencePattern(text);
                foreach (var bucket in pattern.Buckets)
                    Add(buckets, bucket, new Candidate(rule, pattern));
            }
        }
    }

    /// <summary>Lists of candidates, each in the file's order.</summary>
    /// <param name="path">The caller's executable; null where it is not known and may be any.</param>
    public List<List<Candidate>> Find(string? path, ReferenceReading reference)
    {
        var found = new List<List<Candidate>>(8);
        if (_looksAtPath && path is null)
        {
            foreach (var buckets in _byPath.Values)
                found.AddRange(buckets.Values);
            return found;
        }

        Collect(AnyPath, reference, found);
        if (_looksAtPath && path!.Length > 0)
            Collect(path, reference, found);
        return found;
    }

    private void Collect(string path, ReferenceReading reference, List<List<Candidate>> found)
    {
        if (!_byPath.TryGetValue(path, out var buckets))
            return;
        if (reference.IsInAnyBucket)
        {
            found.AddRange(buckets.Values);
            return;
        }

        Take(buckets, "", found);
        foreach (var segments in reference.Meanings.Select(meaning => meaning.Segments))
        {
            Take(buckets, segments[0], found);
            if (segments.Length > 1)
                Take(buckets, $"{segments[0]}/{segments[1]}", found);
        }
    }

    private static void Take(Dictionary<string, List<Candidate>> buckets, string bucket, List<List<Candidate>> found)
    {
        if (buckets.TryGetValue(bucket, out var candidates))
            found.Add(candidates);
    }

    private Dictionary<string, List<Candidate>> Of(string path) =>
        _byPath.TryGetValue(path, out var buckets) ? buckets : _byPath[path] = [];

    private static void Add(Dictionary<string, List<Candidate>> buckets, string bucket, Candidate candidate)
    {
        if (!buckets.TryGetValue(bucket, out var candidates))
            buckets[bucket] = candidates = [];
        candidates.Add(candidate);
    }
}
