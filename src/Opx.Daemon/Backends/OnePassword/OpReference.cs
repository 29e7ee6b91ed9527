using System.Buffers;
using System.Text;
using Opx.Protocol;

namespace Opx.Daemon.Backends.OnePassword;

/// <summary>A reference as <c>op</c> takes it, with the parts that its messages name.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Text">With the scheme in lower case: in the environment, <c>op run</c> knows no other.</param>
/// <param name="Field">The last part, without what follows a <c>?</c>.</param>
/// <param name="IsPlain">
/// True where it holds nothing but what 1Password documents for references. Only such ones go through the environment of <c>op run</c>,
/// which puts the values of variables in place of <c>$NAME</c>: another reference than the one that policy has judged.
/// </param>
internal sealed record OpReference(int Index, string Text, string Vault, string Item, string? Section, string Field, bool IsPlain)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(Letters + "-_. /");
    private static readonly SearchValues<char> QueryCharacters = SearchValues.Create(Letters + "-_.=&");

    /// <summary>Null where it has not the form <c>op://vault/item[/section]/field[?…]</c>.</summary>
    public static OpReference? From(SecretReference reference, int index)
    {
        if (reference.Scheme != ReferenceScheme.OnePassword)
            return null;
        var query = reference.Body.IndexOf('?');
        var path = query < 0 ? reference.Body : reference.Body[..query];
        var parts = path.Split('/');
        if (parts.Length < 3 || Array.Exists(parts, string.IsNullOrWhiteSpace))
            return null;
        var isPlain = parts.Length <= 4
            && !path.AsSpan().ContainsAnyExcept(PathCharacters)
            && (query < 0 || !reference.Body.AsSpan(query + 1).ContainsAnyExcept(QueryCharacters))
            && !reference.Body.StartsWith(' ') && !reference.Body.EndsWith(' ');
        var section = parts.Length > 3 ? string.Join('/', parts[2..^1]) : null;
        return new OpReference(index, "op://" + reference.Body, parts[0], parts[1], section, parts[^1], isPlain);
    }

    /// <summary>True where both are fields of one item, as 1Password compares names.</summary>
    public bool IsIn(OpReference other) => Same(Vault, other.Vault) && Same(Item, other.Item);

    /// <summary>True where the value is the reference itself: what <c>op</c> does not take for one it passes on as it is, and that is nobody's secret.</summary>
    public bool IsEchoedBy(ReadOnlySpan<byte> value) => value.SequenceEqual(Encoding.UTF8.GetBytes(Text));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
