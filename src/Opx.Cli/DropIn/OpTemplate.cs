using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Opx.Cli.DropIn;

/// <summary>
/// A template as <c>op inject</c> documents it ("Template syntax"): references in braces, <c>{{ op://… }}</c>, and bare ones, which begin with
/// <c>op://</c> behind none of <c>A-Z a-z 0-9 - + \ .</c> and end before the first character that no reference holds. Variables in references
/// (<c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-default}</c>) are filled in.
/// </summary>
internal sealed partial class OpTemplate
{
    private readonly string _text;
    private readonly List<(int Start, int End, string Reference)> _places = [];

    /// <param name="text">As Latin-1: every byte comes through.</param>
    private OpTemplate(string text) => _text = text;

    public IEnumerable<string> References => _places.Select(place => place.Reference);

    public static OpTemplate Parse(byte[] text, Func<string, string?> variable)
    {
        var template = new OpTemplate(Encoding.Latin1.GetString(text));
        foreach (Match match in Place().Matches(template._text))
        {
            var reference = match.Groups["braced"].Success ? match.Groups["braced"].Value.Trim(' ', '\t') : match.Value;
            template._places.Add((match.Index, match.Index + match.Length, Expand(Utf8(reference), variable)));
        }

        return template;
    }

    /// <summary>Fills the places in. Like op, it takes control characters out of values, but for tabs and line ends.</summary>
    public byte[] Fill(Func<string, byte[]> value)
    {
        var filled = new ArrayBufferWriter<byte>();
        var from = 0;
        foreach (var (start, end, reference) in _places)
        {
            filled.Write(Encoding.Latin1.GetBytes(_text[from..start]));
            filled.Write(value(reference).Where(letter => letter is >= 0x20 or (byte)'\t' or (byte)'\n').ToArray());
            from = end;
        }

        filled.Write(Encoding.Latin1.GetBytes(_text[from..]));
        return filled.WrittenSpan.ToArray();
    }

    /// <summary>The variables in a reference; one that is not set is nothing.</summary>
    public static string Expand(string reference, Func<string, string?> variable) => Variable().Replace(reference, match =>
        variable(match.Groups["name"].Value) is { Length: > 0 } value ? value : match.Groups["default"].Value);

    private static string Utf8(string latin1) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin1));

    [GeneratedRegex(@"\{\{(?<braced>[ \t]*op://[^}\n]*)\}\}|(?<![A-Za-z0-9\-+\\.])op://(?:[A-Za-z0-9\-?=_./]|\$\{[^}\n]*\}|\$[A-Za-z_])+")]
    private static partial Regex Place();

    [GeneratedRegex(@"\$(?:\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<default>[^}]*))?\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))")]
    private static partial Regex Variable();
}
