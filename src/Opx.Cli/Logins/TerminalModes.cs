using System.Runtime.InteropServices;

namespace Opx.Cli.Logins;

/// <summary>The terminal's modes while a secret is typed; put back at the end, with what was typed behind it thrown away: the rest of a secret that
/// was pasted with a line break in it must not become a command of the shell.</summary>
internal sealed partial class TerminalModes : IDisposable
{
    // Larger than struct termios on either system.
    private const int Opaque = 128;

    // TCSAFLUSH, the same number on both.
    private const int AfterDrainAndDiscard = 2;

    private readonly byte[] _before = new byte[Opaque];
    private readonly int _descriptor;
    private readonly bool _isKnown;

    private TerminalModes(int descriptor)
    {
        _descriptor = descriptor;
        _isKnown = GetAttributes(descriptor, _before) == 0;
    }

    /// <summary>No line editor, no signals from the keyboard, and unless it may be seen no echo.</summary>
    public static TerminalModes LetterByLetter(int descriptor, bool isShown)
    {
        var modes = new TerminalModes(descriptor);
        if (!modes._isKnown)
            return modes;
        var changed = modes._before.ToArray();
        if (OperatingSystem.IsMacOS())
            ChangeMacOS(changed, isShown);
        else
            Change(changed, isShown);
        _ = SetAttributes(descriptor, AfterDrainAndDiscard, changed);
        return modes;
    }

    public void Dispose()
    {
        if (_isKnown)
            _ = SetAttributes(_descriptor, AfterDrainAndDiscard, _before);
    }

    // asm-generic/termbits.h: four flags of 32 bits, c_lflag the last; then c_line and c_cc, where VTIME is 5 and VMIN is 6.
    private static void Change(Span<byte> termios, bool isShown)
    {
        const uint signals = 0x1, canonical = 0x2, echo = 0x8;
        var flags = MemoryMarshal.Cast<byte, uint>(termios);
        flags[3] &= ~(signals | canonical | (isShown ? 0 : echo));
        termios[17 + 5] = 0;
        termios[17 + 6] = 1;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetAttributes(int descriptor, Span<byte> termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetAttributes(int descriptor, int when, ReadOnlySpan<byte> termios);
}
