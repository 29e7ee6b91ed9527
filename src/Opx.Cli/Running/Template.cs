using System.Text;
using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Running;

/// <summary>
/// A text with places for values: <c>{{ op://… }}</c>, any scheme, blanks optional. Everything else, other braces among it, is kept byte
/// for byte, and values are not looked at again.
/// </summary>
internal sealed class Template
{
    private readonly byte[] _text;
    private readonly List<(int Start, int End, string Reference)> _places = [];

    private Template(byte[] text) => _text = text;

    public IEnumerable<string> References => _places.Select(place => place.Reference);

    /// <param name="name">For messages.</param>
    /// <exception cref="FailureException">A place that does not end on its line, or holds something that is no reference.</exception>
    public static Template Parse(byte[] text, string name)
    {
        var template = new Template(text);
        var at = 0;
        while (text.AsSpan(at).IndexOf("{{"u8) is var next and >= 0)
        {
            var start = at + next;
            // Of '{{{' the last two open.
            while (start + 2 < text.Length && text[start + 2] == '{')
                start++;
            at = template.Place(start, name);
        }

        return template;
    }

    /// <summary>The text with the values in their places.</summary>
    /// <exception cref="FailureException">It would be too large.</exception>
    public byte[] Fill(Func<string, byte[]> value)
    {
        var length = _text.Length + _places.Sum(place => (long)value(place.Reference).Length - (place.End - place.Start));
        if (length > Array.MaxLength)
            throw new FailureException(ExitCode.Failed, "with the values in it the template is larger than 2 GiB, which is the limit");
        var filled = SecretBytes.Allocate((int)length);
        var (from, to) = (0, 0);
        foreach (var (start, end, reference) in _places)
        {
            Copy(_text.AsSpan(from, start - from), filled, ref to);
            Copy(value(reference), filled, ref to);
            from = end;
        }

        Copy(_text.AsSpan(from), filled, ref to);
        return filled;
    }

    /// <summary>Takes the place that opens at <paramref name="start"/>, if it is one.</summary>
    /// <returns>Where to look on.</returns>
    private int Place(int start, string name)
    {
        var inside = _text.AsSpan(start + 2);
        var line = inside.IndexOf((byte)'\n') is var newline and >= 0 ? inside[..newline] : inside;
        var blanks = line.Length - line.TrimStart(" \t"u8).Length;
        if (!HasScheme(line[blanks..]))
            return start + 2;
        var close = line.IndexOf("}}"u8);
        if (close < 0)
            throw Fault(start, name, "'{{' before a reference has no '}}' on its line");
        var text = Encoding.UTF8.GetString(line[blanks..close].TrimEnd(" \t"u8));
        if (SecretReference.Parse(text, out var why) is null)
            throw Fault(start, name, $"{Printable.Text(text)}: {why}");
        var end = start + 2 + close + 2;
        _places.Add((start, end, text));
        return end;
    }

    // Enough bytes for the longest scheme; a longer piece could be cut within a character.
    private static bool HasScheme(ReadOnlySpan<byte> text) =>
        SecretReference.HasScheme(Encoding.ASCII.GetString(text[..Math.Min(text.Length, 16)]));

    private static void Copy(ReadOnlySpan<byte> from, byte[] into, ref int at)
    {
        from.CopyTo(into.AsSpan(at));
        at += from.Length;
    }

    private FailureException Fault(int at, string name, string what) =>
        new(ExitCode.Usage, $"{Printable.Text(name)}:{_text.AsSpan(0, at).Count((byte)'\n') + 1}: {what}");
}
