using System.Text;

namespace Opx.Policy.Matching;

/// <summary>
/// What a backend may see in the way a reference is spelled. Two uses: an <c>allow</c> rule with a wildcard takes only plain spellings,
/// because what it leaves open must not lead out of it again (<c>%2e%2e</c>, <c>\</c>, <c>//</c>); and a <c>deny</c> rule compares what
/// remains when all of that is undone.
/// </summary>
internal static class Spelling
{
    // One escape may hide another, and a client and a server each decode once.
    private const int MostDecoding = 4;

    /// <summary>True where undoing changes nothing but the case: no escape or backslash, no empty, padded or <c>.</c> segment.</summary>
    public static bool IsPlain(ReadOnlySpan<char> body)
    {
        if (body.Contains('\\') || HasEscape(body))
            return false;
        var path = body[..EndOfPath(body)];
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            if (segment.IsEmpty || segment is "." || char.IsWhiteSpace(segment[0]) || char.IsWhiteSpace(segment[^1]))
                return false;
        }

        return true;
    }

    /// <summary>Without case, escapes and backslashes.</summary>
    public static string Undo(string body) => Fold(Decode(body)).Replace('\\', '/');

    /// <summary>Where <c>?</c> or <c>#</c> ends the path.</summary>
    public static int EndOfPath(ReadOnlySpan<char> body) => body.IndexOfAny('?', '#') is var end and >= 0 ? end : body.Length;

    /// <summary>The segments of a path, without padding, empty ones and <c>.</c>.</summary>
    public static List<string> Segments(ReadOnlySpan<char> path)
    {
        var segments = new List<string>(4);
        foreach (var range in path.Split('/'))
        {
            var segment = path[range].Trim();
            if (!segment.IsEmpty && segment is not ".")
                segments.Add(segment.ToString());
        }

        return segments;
    }

    /// <summary>Lower case, in which letters that anybody takes for the same are the same: the Kelvin sign is a k.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        return string.Create(text.Length, text, static (folded, text) =>
        {
            for (var i = 0; i < folded.Length; i++)
            {
                folded[i] = text[i] switch
                {
                    '\u212a' => 'k',
                    '\u017f' => 's',
                    '\u212b' => 'å',
                    '\u0130' or '\u0131' => 'i',
                    var letter => char.ToLowerInvariant(char.ToUpperInvariant(letter)),
                };
            }
        });
    }

    private static string Decode(string text)
    {
        for (var i = 0; i < MostDecoding && HasEscape(text); i++)
            text = Uri.UnescapeDataString(text);
        return text;
    }

    private static bool HasEscape(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('%'); at >= 0 && at + 2 < text.Length;)
        {
            if (char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]))
                return true;
            var next = text[(at + 1)..].IndexOf('%');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }
}
