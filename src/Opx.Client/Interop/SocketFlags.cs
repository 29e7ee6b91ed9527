namespace Opx.Client.Interop;

/// <summary><c>sys/socket.h</c>, as far as we use it: the numbers of Linux on x64 and arm64, and of macOS.</summary>
internal static class SocketFlags
{
    /// <summary>In the type of a new socket; macOS has none, and a client there starts nothing while it is connected.</summary>
    public static int CloseOnExec => OperatingSystem.IsMacOS() ? 0 : 0x80000;

    public static int Level => OperatingSystem.IsMacOS() ? 0xffff : 1;

    public static int ReceiveTimeout => OperatingSystem.IsMacOS() ? 0x1006 : 20;

    public static int SendTimeout => OperatingSystem.IsMacOS() ? 0x1005 : 21;
}
