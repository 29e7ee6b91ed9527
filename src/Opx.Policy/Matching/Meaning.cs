using Opx.Protocol;

namespace Opx.Policy.Matching;

/// <summary>What a reference, or a pattern, comes down to in one backend once case and spelling are undone.</summary>
/// <param name="Key">Of Vault and OpenBao; null for the whole secret, and where it is not clear which key is meant.</param>
/// <param name="IsOpen">A pattern: whatever begins so.</param>
internal sealed record Meaning(ReferenceScheme Scheme, string[] Segments, string? Key, bool IsOpen)
{
    private static readonly ReferenceScheme[] Backends = [ReferenceScheme.OnePassword, ReferenceScheme.Vault, ReferenceScheme.Bao];

    /// <summary>True where an encoded or disguised <c>..</c> leads out of the path, or nothing is left of it.</summary>
    public bool IsUnclear => Segments.Length == 0 || Array.IndexOf(Segments, "..") >= 0 || Array.Exists(Segments, HasControl);

    /// <summary>The first two segments.</summary>
    public string Beginning => Segments.Length > 1 ? $"{Segments[0]}/{Segments[1]}" : string.Concat(Segments);

    /// <summary>For each segment whether it may be an id of 1Password's, which may stand for any name.</summary>
    public bool[] IsId { get; } =
        Array.ConvertAll(Segments, segment => Scheme == ReferenceScheme.OnePassword && OnePasswordNames.IsId(segment));

    /// <summary>The meanings of a text; without a scheme it may belong to any backend: the default is the daemon's affair.</summary>
    public static Meaning[] Of(ReferenceScheme scheme, string body, bool isPattern)
    {
        var undone = Spelling.Undo(body);
        return scheme == ReferenceScheme.None
            ? Array.ConvertAll(Backends, backend => In(backend, undone, isPattern))
            : [In(scheme, undone, isPattern)];
    }

    private static Meaning In(ReferenceScheme scheme, string body, bool isPattern)
    {
        var end = Spelling.EndOfPath(body);
        var segments = Spelling.Segments(body.AsSpan(0, end));
        var isOpen = isPattern && end == body.Length && body is [.., '*'];
        if (scheme == ReferenceScheme.OnePassword)
        {
            // A query chooses a form of the same secret. A pattern that ends at the vault or the item names all that is in it.
            return new Meaning(scheme, [.. segments], null, isOpen || (isPattern && segments.Count < 3));
        }

        // KV v2 has `data` behind the mount, whether or not it is written; how many segments the mount has is not known here.
        for (var i = segments.Count - 1; i > 0; i--)
        {
            if (segments[i] == "data")
                segments.RemoveAt(i);
        }

        return new Meaning(scheme, [.. segments], KeyOf(body.AsSpan(end)), isOpen);
    }

    private static string? KeyOf(ReadOnlySpan<char> tail)
    {
        var hash = tail.IndexOf('#');
        if (hash < 0)
            return null;
        var key = tail[(hash + 1)..];
        if (key.Contains('#'))
            return null;
        key = key.IndexOf('?') is var query and >= 0 ? key[..query] : key;
        return key.IsEmpty ? null : key.ToString();
    }

    private static bool HasControl(string segment) => segment.Any(char.IsControl);
}
