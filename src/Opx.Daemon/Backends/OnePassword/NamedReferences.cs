namespace Opx.Daemon.Backends.OnePassword;

/// <summary>
/// Which references of a failed batch its message names. Nobody is blamed who is not named: a prefix of a named reference is not.
/// </summary>
internal static class NamedReferences
{
    private const string Scheme = "op://";

    private static readonly string[] ItemPhrases = ["could not find item", "More than one item matches"];

    /// <summary>Those the message proves to be bad; none where it does not say.</summary>
    public static IReadOnlyList<OpReference> In(string message, IReadOnlyList<OpReference> references)
    {
        // What goes together in a batch holds no quotes itself.
        message = OpMessages.OneKindOfQuote(message);
        // A message that names one reference of a vault or an item that does not exist has named all of them.
        var named = references.Where(reference => Quotes(message, reference.Text) || IsNowhere(message, reference)).ToHashSet();
        named.UnionWith(Unquoted(message, references));
        return named.Count > 0 ? [.. named] : ByField(message, references) is { Length: > 0 } fields ? fields : ByItem(message, references);
    }

    private static bool Quotes(string message, string reference) => Has(message, $"'{reference}'");

    private static bool IsNowhere(string message, OpReference reference)
    {
        var (vault, item) = (reference.Vault, reference.Item);
        return Has(message, $"'{vault}' isn't a vault in this account")
            || Has(message, $"'{item}' isn't an item in the '{vault}' vault")
            || Has(message, $"could not get item {vault}/{item}: More than one item matches '{item}'");
    }

    /// <summary>
    /// References without quotes around them. One may be the beginning of another, so at each place the longest that fits counts.
    /// </summary>
    private static IEnumerable<OpReference> Unquoted(string message, IReadOnlyList<OpReference> references)
    {
        for (var at = Next(0); at >= 0; at = Next(at + 1))
        {
            if (at > 0 && message[at - 1] is '\'')
                continue;
            var place = at;
            var fits = references.Where(reference => Stands(message, place, reference.Text));
            if (fits.MaxBy(reference => reference.Text.Length) is { } longest)
                yield return longest;
        }

        int Next(int from) => message.IndexOf(Scheme, from, StringComparison.OrdinalIgnoreCase);
    }

    // What the message names is one of the batch, and of those that fit the longest counts: so a space or a dot may end it. What could be
    // more of the same word may not.
    private static bool Stands(string message, int at, string reference)
    {
        if (string.Compare(message, at, reference, 0, reference.Length, StringComparison.OrdinalIgnoreCase) != 0)
            return false;
        var end = at + reference.Length;
        return end >= message.Length || !(char.IsLetterOrDigit(message[end]) || message[end] is '-' or '_' or '/' or '?');
    }

    /// <summary>
    /// A message that names item and field only. The field may be in a section, or be in two: then it does not say which.
    /// </summary>
    private static OpReference[] ByField(string message, IReadOnlyList<OpReference> references)
    {
        OpReference[] named = [.. references.Where(reference =>
            Has(message, $"item '{reference.Vault}/{reference.Item}' does not have a field '{reference.Field}'")
            || Has(message, $"item '{reference.Vault}/{reference.Item}' does not have a field '{reference.Section}.{reference.Field}'"))];
        return named.DistinctBy(reference => reference.Section?.ToUpperInvariant()).Count() == 1 ? named : [];
    }

    /// <summary>
    /// A message that names the item only. Where the batch asks two vaults for an item of that name, it does not say which.
    /// </summary>
    private static OpReference[] ByItem(string message, IReadOnlyList<OpReference> references)
    {
        OpReference[] named = [.. references.Where(reference => Array.Exists(ItemPhrases, phrase =>
            Has(message, $"{phrase} '{reference.Item}'")
            || Has(message, $"{phrase} {reference.Item} in ")))];
        return Array.TrueForAll(named, reference => reference.IsIn(named[0])) ? named : [];
    }

    private static bool Has(string message, string phrase) => message.Contains(phrase, StringComparison.OrdinalIgnoreCase);
}
