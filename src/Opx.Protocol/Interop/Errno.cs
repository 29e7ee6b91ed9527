namespace Opx.Protocol.Interop;

/// <summary>The error numbers that are the same on Linux and macOS, and the ones we look at that are not.</summary>
public static class Errno
{
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int TooBig = 7;
    public const int NotExecutable = 8;
    public const int Access = 13;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int NoSpace = 28;
    public const int BrokenPipe = 32;

    public static int ConnectionRefused => OperatingSystem.IsMacOS() ? 61 : 111;

    public static int ConnectionReset => OperatingSystem.IsMacOS() ? 54 : 104;

    public static int ConnectionAborted => OperatingSystem.IsMacOS() ? 53 : 103;

    public static int WouldBlock => OperatingSystem.IsMacOS() ? 35 : 11;
}
