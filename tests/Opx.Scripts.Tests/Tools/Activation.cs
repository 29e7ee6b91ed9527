using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Opx.Scripts.Tests.Tools;

/// <summary>Plays systemd: listens on a socket, puts it at descriptor 3 and becomes the service (sd_listen_fds(3)).</summary>
internal static partial class Activation
{
    private const int FirstDescriptor = 3;

    public static int Run(string path, string[] command)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen();

        // The runtime may hold descriptor 3 itself. It is about to be gone, and dup2 also takes close-on-exec off.
        _ = Dup2((int)listener.Handle, FirstDescriptor);
        _ = SetEnv("LISTEN_FDS", "1", 1);
        _ = SetEnv("LISTEN_PID", Environment.ProcessId.ToString(), 1);
        return Become(command);
    }

    /// <summary>Executes another program in this process.</summary>
    public static int Become(string[] command)
    {
        var words = new nint[command.Length + 1];
        for (var i = 0; i < command.Length; i++)
            words[i] = Marshal.StringToCoTaskMemUTF8(command[i]);
        _ = ExecVp(words[0], words);
        Console.Error.WriteLine($"cannot execute {command[0]}: {Marshal.GetLastPInvokeErrorMessage()}");
        return 127;
    }

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "execvp", SetLastError = true)]
    private static partial int ExecVp(nint file, nint[] arguments);
}
