using System.Net;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>A server's address that may be spoken to: https, or http to this machine.</summary>
internal sealed record VaultAddress
{
    private readonly Uri _uri;

    private VaultAddress(Uri uri, string text) => (_uri, Text) = (uri, text);

    /// <summary>Without a slash at its end.</summary>
    public string Text { get; }

    /// <summary>Over plain http nothing leaves the machine, through no proxy either.</summary>
    public bool IsEncrypted => _uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>The address, or in <paramref name="why"/> one line about what is wrong with it.</summary>
    public static VaultAddress? Parse(string text, out string why)
    {
        var shown = Printable.Text(text, 128);
        why = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || HostOf(uri) is not { Length: > 0 })
            why = $"the address '{shown}' is none: write https://host:8200";
        else if (uri.UserInfo.Length > 0)
            why = "the address holds a user's name or a password: leave them out and log in with 'opx login'";
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            why = $"the address '{shown}' goes on after its path: leave out what follows '?' or '#'";
        else if (uri.Scheme == Uri.UriSchemeHttp && !IsThisMachine(uri))
            why = $"the address '{shown}' is plain http to another machine, which everybody on the way can read: use https";
        return why.Length > 0 ? null : new VaultAddress(uri!, uri!.GetLeftPart(UriPartial.Path).TrimEnd('/'));
    }

    /// <summary>Below <c>/v1/</c>.</summary>
    /// <param name="path">Percent-encoded.</param>
    public string Url(string path) => $"{Text}/v1/{path}";

    /// <summary>
    /// Where an answer sends us on to; null where that is another server, which must not see the token, or not encrypted any more.
    /// </summary>
    public string? Follow(string from, string? location) =>
        location is not null && Uri.TryCreate(new Uri(from), location, out var to)
        && to.Scheme == _uri.Scheme && to.UserInfo.Length == 0 && to.Port == _uri.Port
        && HostOf(to) is { } host && string.Equals(host, _uri.IdnHost, StringComparison.OrdinalIgnoreCase)
            ? to.AbsoluteUri
            : null;

    public bool Equals(VaultAddress? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    // Some names are found to be none only when they are spelled as DNS has them.
    private static string? HostOf(Uri uri)
    {
        try
        {
            return uri.IdnHost;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    private static bool IsThisMachine(Uri uri) =>
        uri.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(uri.IdnHost, out var address) && IPAddress.IsLoopback(address));
}
