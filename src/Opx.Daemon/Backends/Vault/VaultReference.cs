using System.Globalization;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>A path to be read once, whatever number of its keys is wanted.</summary>
/// <param name="Path">As it was written, without encoding.</param>
/// <param name="Version">Of KV v2; null for the newest.</param>
internal readonly record struct VaultPath(string Path, int? Version);

/// <summary><c>vault://path[?version=N][#key]</c>. What is in it is meant as it stands: <c>%20</c> is three characters.</summary>
/// <param name="Key">Null for the whole secret.</param>
internal sealed record VaultReference(VaultPath Path, string? Key)
{
    private const string VersionQuery = "version=";
    private const string OwnToken = "auth/token/lookup-self";

    /// <summary>The reference, or in <paramref name="why"/> one line about what is wrong with it.</summary>
    public static VaultReference? Parse(SecretReference reference, out string why)
    {
        var body = reference.Body.AsSpan();
        var end = body.IndexOfAny('?', '#');
        var path = end < 0 ? body : body[..end];
        var (query, key) = Split(end < 0 ? default : body[end..]);
        why = PathFault(path);
        if (why.Length > 0)
            return null;
        if (key is "")
        {
            why = "nothing follows the '#': name the key, or leave the '#' out for the whole secret";
            return null;
        }

        if (query is null)
            return new VaultReference(new VaultPath(path.ToString(), null), key);
        if (query.StartsWith(VersionQuery, StringComparison.Ordinal)
            && int.TryParse(query.AsSpan(VersionQuery.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && version > 0)
            return new VaultReference(new VaultPath(path.ToString(), version), key);
        why = "after '?' only version=N is understood, N being 1 or more";
        return null;
    }

    /// <summary>The path as it goes into a URL: each segment percent-encoded.</summary>
    public static string Encode(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    // `?version=N#key` and `#key?version=N` both: policy reads the key as ending at a '?' in either.
    private static (string? Query, string? Key) Split(ReadOnlySpan<char> tail)
    {
        if (tail.IsEmpty)
            return default;
        var other = tail[1..].IndexOf(tail[0] == '?' ? '#' : '?') + 1;
        var first = other == 0 ? tail[1..] : tail[1..other];
        var second = other == 0 ? null : tail[(other + 1)..].ToString();
        return tail[0] == '?' ? (first.ToString(), second) : (second, first.ToString());
    }

    // What a server or a proxy might take for another path than the one that policy has judged.
    private static string PathFault(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty)
            return "the reference has no path: write vault://mount/path#key";
        if (path.EndsWith(OwnToken, StringComparison.OrdinalIgnoreCase))
            return "what lies at this path is the token that opx reads with, and no secret of yours";
        foreach (var range in path.Split('/'))
        {
            if (path[range].IsEmpty)
                return "the path has an empty segment: '/' stands between names, not before, behind or twice";
            if (path[range] is ".")
                return "the path has a '.' segment: leave it out";
        }

        return "";
    }
}
