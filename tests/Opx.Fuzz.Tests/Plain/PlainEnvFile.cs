using System.Text;
using System.Text.RegularExpressions;

namespace Opx.Fuzz.Tests.Plain;

/// <summary>The rules of env files once more, with regular expressions, on bytes as Latin-1.</summary>
internal static partial class PlainEnvFile
{
    /// <summary>Name, value and line of each assignment; null where the file has to be refused.</summary>
    public static List<(string Name, string Value, int Line)>? Parse(string text, Func<string, string?> lookUp)
    {
        text = text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal) ? text[3..] : text;
        text = LineEnd().Replace(text, "\n");
        var found = new List<(string Name, string Value, int Line)>();
        for (var at = Between().Match(text).Length; at < text.Length; at += Between().Match(text, at).Length)
        {
            var head = Head().Match(text, at);
            if (!head.Success)
                return null;
            var name = head.Groups["name"].Value;
            at += head.Length;
            var line = 1 + text.AsSpan(0, at).Count('\n');
            var quoted = Quoted().Match(text, at);
            // What is quoted ends its line; what is not may not begin with a quote.
            if (at < text.Length && text[at] is '\'' or '"' && !quoted.Success)
                return null;
            var value = quoted.Success ? Unquoted(quoted, Look) : Bare(text, ref at, head.Value[^1] != '=', Look);
            at += quoted.Success ? quoted.Length : 0;
            if (value is null || value.Contains('\0'))
                return null;
            found.Add((name, value, line));
        }

        return found;

        string Look(string name) => found.FindLast(one => one.Name == name) is { Name: not null } earlier ? earlier.Value : lookUp(name) ?? "";
    }

    private static string? Unquoted(Match quoted, Func<string, string> look) =>
        quoted.Groups["single"].Success ? quoted.Groups["single"].Value : Expanded(quoted.Groups["double"].Value, Escaped(), look);

    private static string? Bare(string text, ref int at, bool isAfterBlank, Func<string, string> look)
    {
        var end = text.IndexOf('\n', at) is >= 0 and var newline ? newline : text.Length;
        var line = text[at..end];
        var comment = isAfterBlank && line.StartsWith('#') ? 0 : Comment().Match(line) is { Success: true } match ? match.Index + 1 : line.Length;
        at = end;
        // An escaped blank at the end counts, so blanks are cut off before anything is undone.
        var kept = Trailing().Match(line[..comment]);
        return Expanded(kept.Groups[1].Value, Backslash(), look);
    }

    private static string? Expanded(string text, Regex escapes, Func<string, string> look)
    {
        var (value, isGood) = (new StringBuilder(), true);
        for (var at = 0; at < text.Length && isGood;)
        {
            var escape = escapes.Match(text, at);
            var variable = Variable().Match(text, at);
            isGood = !(text[at] == '$' && at + 1 < text.Length && text[at + 1] == '{' && !variable.Success);
            value.Append(escape.Success ? Meaning(escape.Value[1], escapes == Escaped()) : variable.Success ? look(variable.Groups["name"].Value) : text[at]);
            at += escape.Success ? 2 : variable.Success ? variable.Length : 1;
        }

        return isGood ? value.ToString() : null;
    }

    private static char Meaning(char letter, bool isQuoted) => (letter, isQuoted) switch { ('n', true) => '\n', ('r', true) => '\r', ('t', true) => '\t', _ => letter };

    [GeneratedRegex(@"\r\n|\r\z")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"\G(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(?:#[^\n]*\z)?")]
    private static partial Regex Between();

    [GeneratedRegex(@"\G(?:export[ \t]+(?!=))?(?<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*")]
    private static partial Regex Head();

    [GeneratedRegex("""\G(?:'(?<single>[^']*)'|"(?<double>(?:\\[nrt"'\\$`]|\\(?![nrt"'\\$`])|[^"\\])*)")(?:[ \t]+#[^\n]*|[ \t]*)(?=\n|\z)""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<=(?<!\\)(?:\\\\)*)[ \t]#")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\A((?:\\[$#\\""'` ]|[^ \t]|[ \t]+(?=[^ \t]))*)")]
    private static partial Regex Trailing();

    [GeneratedRegex("""\G\\[nrt"'\\$`]""")]
    private static partial Regex Escaped();

    [GeneratedRegex("""\G\\[$#\\"'` ]""")]
    private static partial Regex Backslash();

    [GeneratedRegex(@"\G\$(?:\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))")]
    private static partial Regex Variable();
}
