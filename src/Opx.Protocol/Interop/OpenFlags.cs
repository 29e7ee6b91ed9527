namespace Opx.Protocol.Interop;

/// <summary><c>fcntl.h</c>, as far as we open things: the numbers of Linux on x64 and arm64, and of macOS.</summary>
public static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;

    public static int Create => OperatingSystem.IsMacOS() ? 0x200 : 0x40;

    public static int Append => OperatingSystem.IsMacOS() ? 0x8 : 0x400;

    public static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
}
