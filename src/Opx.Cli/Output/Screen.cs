using System.Runtime.InteropServices;
using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Policies;
using Opx.Protocol;

namespace Opx.Cli.Auditing;

/// <summary>How wide a line may be, and whether it may have colour. Into a file or a pipe lines go as long as they are.</summary>
internal sealed partial record Screen(int Width, bool HasColor)
{
    private const int Narrowest = 40;

    public static Screen Of(Surroundings around)
    {
        var hasColor = Terminal.Of(around).HasColor;
        return IsTerminal(StandardStreams.Output) == 1
            ? new Screen(Math.Max(WidthOf(around, StandardStreams.Output), Narrowest), hasColor)
            : new Screen(int.MaxValue, false);
    }

    /// <summary>The columns of a terminal; 80 where it does not say.</summary>
    public static int WidthOf(Surroundings around, int terminal)
    {
        var width = int.TryParse(around.Variable("COLUMNS"), out var columns) ? columns : OperatingSystem.IsLinux() ? LinuxWidth(terminal) : 80;
        return width > 0 ? width : 80;
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

    private static int LinuxWidth(int terminal)
    {
        const nuint getWindowSize = 0x5413;
        return WindowSize(terminal, getWindowSize, out var size) == 0 ? size.Columns : 0;
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
