using Opx.Protocol;

namespace Opx.Policy.Matching;

/// <summary>One reference, made ready to be compared with many patterns.</summary>
internal sealed class ReferenceReading
{
    public ReferenceReading(SecretReference reference)
    {
        Exact = ExactText(reference.Scheme, reference.Body);
        Folded = Spelling.Fold(Exact);
        IsPlain = Spelling.IsPlain(reference.Body);
        Meanings = Meaning.Of(reference.Scheme, reference.Body, isPattern: false);
        var written = Spelling.Fold(reference.Body);
        Beginnings = Meanings is [var meaning] && written.StartsWith(meaning.Beginning, StringComparison.Ordinal)
            ? [written]
            : [.. Meanings.Select(each => each.Beginning).Append(written).Distinct()];
    }

    /// <summary>As an <c>allow</c> rule compares it: scheme and vault in lower case, the rest as it is.</summary>
    public string Exact { get; }

    /// <summary>The same, all in lower case.</summary>
    public string Folded { get; }

    public bool IsPlain { get; }

    public Meaning[] Meanings { get; }

    public bool IsUnclear => Array.Exists(Meanings, meaning => meaning.IsUnclear);

    /// <summary>What it begins with, as it is written and as it is meant: see <see cref="ReferencePattern.Prefixes"/>.</summary>
    public string[] Beginnings { get; }

    /// <summary>True where those are of no use: an id stands where a pattern has a name.</summary>
    public bool MayBeginWithAnything => Array.Exists(Meanings, meaning => Array.IndexOf(meaning.IsId, true) is 0 or 1);

    /// <summary>Scheme in lower case, and 1Password's vault. Mounts of Vault and OpenBao differ by case, so theirs stays.</summary>
    public static string ExactText(ReferenceScheme scheme, string body)
    {
        var prefix = scheme switch
        {
            ReferenceScheme.OnePassword => "op://",
            ReferenceScheme.Vault => "vault://",
            ReferenceScheme.Bao => "bao://",
            _ => "",
        };
        if (scheme != ReferenceScheme.OnePassword)
            return prefix + body;
        var end = body.AsSpan().IndexOfAny('/', '?', '#') is var border and >= 0 ? border : body.Length;
        return string.Concat(prefix, body[..end].ToLowerInvariant(), body.AsSpan(end));
    }
}
