using System.Runtime.InteropServices;

namespace Opx.Cli.Logins;

internal sealed partial class TerminalModes
{
    // sys/termios.h: four flags of 64 bits, c_lflag the last; then c_cc, where VMIN is 16 and VTIME is 17.
    private static void ChangeMacOS(Span<byte> termios, bool isShown)
    {
        const ulong signals = 0x80, canonical = 0x100, echo = 0x8;
        var flags = MemoryMarshal.Cast<byte, ulong>(termios);
        flags[3] &= ~(signals | canonical | (isShown ? 0 : echo));
        termios[32 + 16] = 1;
        termios[32 + 17] = 0;
    }
}
