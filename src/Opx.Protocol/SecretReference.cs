using System.Text;

namespace Opx.Protocol;

/// <summary>Which backend a reference names by its scheme.</summary>
public enum ReferenceScheme
{
    /// <summary>No scheme: the daemon's default backend.</summary>
    None,
    OnePassword,
    Vault,
    Bao,
}

/// <summary>A reference that passed the checks every reference passes: <c>op://vault/item/field</c>, <c>vault://path#key</c>, …</summary>
/// <remarks>No leading <c>-</c>, no control character, no U+FFFD, no <c>..</c> segment, at most <see cref="Limits.ReferenceBytes"/> bytes, a known scheme.</remarks>
public sealed record SecretReference
{
    private static readonly (string Prefix, ReferenceScheme Scheme)[] Prefixes =
        [("op://", ReferenceScheme.OnePassword), ("vault://", ReferenceScheme.Vault), ("bao://", ReferenceScheme.Bao)];

    private SecretReference(string text, ReferenceScheme scheme, string body)
    {
        Text = text;
        Scheme = scheme;
        Body = body;
    }

    /// <summary>As it was given.</summary>
    public string Text { get; }

    public ReferenceScheme Scheme { get; }

    /// <summary>What follows the scheme.</summary>
    public string Body { get; }

    /// <summary>A one-time password: each is another value, so none is kept.</summary>
    public bool IsOneTimePassword =>
        Scheme is ReferenceScheme.OnePassword or ReferenceScheme.None && Body.IndexOf('?') is var query and >= 0
        && Body.AsSpan(query + 1).Contains("attribute=otp", StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Text;

    /// <summary>True where a text starts like a reference with a scheme, whether or not the rest would pass.</summary>
    public static bool HasScheme(string text) =>
        Array.Exists(Prefixes, prefix => text.StartsWith(prefix.Prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>The reference, or in <paramref name="why"/> one line about what is wrong with the text.</summary>
    public static SecretReference? Parse(string text, out string why)
    {
        why = Fault(text);
        if (why.Length > 0)
            return null;
        foreach (var (prefix, scheme) in Prefixes)
        {
            if (text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return new SecretReference(text, scheme, text[prefix.Length..]);
        }

        return new SecretReference(text, ReferenceScheme.None, text);
    }

    private static string Fault(string text)
    {
        if (text.Length == 0)
            return "the reference is empty";
        if (text.Length > Limits.ReferenceBytes || Encoding.UTF8.GetByteCount(text) > Limits.ReferenceBytes)
            return $"the reference is longer than {Limits.ReferenceBytes} bytes";
        if (text[0] == '-')
            return "a reference does not start with '-'";
        if (text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
            return "the reference holds a control character";

        // What .NET puts in the place of bytes that are not UTF-8: which they were nobody knows any more.
        if (text.Contains('\uFFFD'))
            return "the reference is not UTF-8 text";

        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0 && !HasScheme(text))
            return $"unknown scheme '{Printable.Text(text[..scheme], 32)}': known are op://, vault:// and bao://";
        var path = text.AsSpan(scheme < 0 ? 0 : scheme + 3);
        if (path.Trim('/').IsEmpty)
            return "the reference names nothing";
        foreach (var segment in path.Split('/'))
        {
            // What follows ? and # is no part of the path, so `..#key` leads upwards too.
            if (path[segment] is ".." or ['.', '.', '?' or '#', ..])
                return "the reference holds a '..' segment";
        }

        return "";
    }
}
