using System.Runtime.InteropServices;
using System.Text;
using Opx.Cli.Policies;
using Opx.Protocol;

namespace Opx.Cli.Output;

/// <summary>How wide a line may be, and whether it may have colour. Into a file or a pipe lines go as long as they are.</summary>
internal sealed partial record Screen(int Width, bool HasColor)
{
    private const int Narrowest = 40, Usual = 80;

    public static Screen Of(Surroundings around)
    {
        var hasColor = Terminal.Of(around).HasColor;
        return IsTerminal(StandardStreams.Output) == 1
            ? new Screen(Math.Max(WidthOf(around, StandardStreams.Output), Narrowest), hasColor)
            : new Screen(int.MaxValue, false);
    }

    /// <summary>Where messages go.</summary>
    public static Screen OfErrors() =>
        IsTerminal(StandardStreams.Error) == 1 ? new Screen(Math.Max(SystemWidth(StandardStreams.Error), Narrowest), false) : new Screen(int.MaxValue, false);

    /// <summary>The columns of a terminal; 80 where it does not say.</summary>
    public static int WidthOf(Surroundings around, int terminal)
    {
        var width = int.TryParse(around.Variable("COLUMNS"), out var columns) ? columns : SystemWidth(terminal);
        return width > 0 ? width : Usual;
    }

    /// <summary>
    /// The lines of a text of ours, broken between words where the terminal's line ends. What follows goes below the last of the columns that a line begins
    /// with, or is indented. A word that is too long, as a path may be, stays whole.
    /// </summary>
    public string Fit(string text)
    {
        if (Width == int.MaxValue)
            return text;
        var fitted = new StringBuilder(text.Length);
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
            FitLine(i == 0 ? fitted : fitted.Append('\n'), lines[i]);
        return fitted.ToString();
    }

    private void FitLine(StringBuilder into, string line)
    {
        var indent = new string(' ', Hanging(line));
        while (Fitting(line, Width) < line.Length && Break(line, indent.Length) is >= 0 and var cut)
        {
            into.Append(line.AsSpan(0, cut).TrimEnd(' ')).Append('\n');
            line = indent + line[cut..].TrimStart(' ');
        }

        into.Append(line);
    }

    /// <summary>The last blank within the width, or else the first behind it; -1 for none. Nothing is broken off before <paramref name="least"/>.</summary>
    private int Break(string line, int least)
    {
        var end = Fitting(line, Width);
        var within = end < line.Length && end > least ? line.LastIndexOf(' ', end, end - least) : -1;
        return within >= 0 ? within : line.IndexOf(' ', Math.Min(Math.Max(end, least + 1), line.Length - 1));
    }

    /// <summary>Where a line goes on below itself.</summary>
    private int Hanging(string line)
    {
        var margin = line.Length - line.TrimStart(' ').Length;
        var begin = margin + 2;
        for (var at = margin; at + 2 < Math.Min(line.Length, Width / 2); at++)
        {
            if (line[at] == ' ' && line[at + 1] == ' ' && line[at + 2] != ' ')
                begin = at + 2;
        }

        return begin;
    }

    /// <summary>A text of whatever origin behind its label, broken where the line ends and continued below its beginning.</summary>
    public void Append(StringBuilder into, string label, string text)
    {
        var shown = Printable.Text(text, int.MaxValue - 1_024);
        var room = Width == int.MaxValue ? int.MaxValue : Math.Max(Width - label.Length, 16);
        into.Append(label);
        for (var at = 0; ;)
        {
            var length = Fitting(shown.AsSpan(at), room);
            into.Append(shown, at, length).Append('\n');
            at += length;
            if (at >= shown.Length)
                return;
            into.Append(' ', label.Length);
        }
    }

    /// <summary>How much of the text fits into so many columns: whole characters, with what is written over them.</summary>
    private static int Fitting(ReadOnlySpan<char> text, int room)
    {
        var (length, columns) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            columns += Columns.Of(rune);
            if (columns > room)
                break;
            length += rune.Utf16SequenceLength;
        }

        return length;
    }

    public string Red(string text) => HasColor ? $"\u001b[31m{text}\u001b[0m" : text;

    public string Green(string text) => HasColor ? $"\u001b[32m{text}\u001b[0m" : text;

    private static int SystemWidth(int terminal)
    {
        const nuint getWindowSize = 0x5413;
        return OperatingSystem.IsLinux() && WindowSize(terminal, getWindowSize, out var size) == 0 && size.Columns > 0 ? size.Columns : Usual;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Size
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminal(int descriptor);

    // Variadic in C, which makes no difference on Linux.
    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int WindowSize(int descriptor, nuint request, out Size size);
}
