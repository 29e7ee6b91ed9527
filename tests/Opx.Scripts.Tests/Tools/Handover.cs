using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Opx.Scripts.Tests.Tools;

/// <summary>
/// An attacker who wants to pass for another program: connects, leaves the connection to a child that inherits it, and becomes that
/// program. The child carries bytes between the connection and a socket of its own, the door, behind which anybody may speak TLS.
/// </summary>
internal static partial class Handover
{
    private const int SetDescriptorFlags = 2;

    public static async Task<int> Run(string path, string door, string[] command)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        _ = Fcntl((int)socket.Handle, SetDescriptorFlags, 0);
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(Handover).Assembly.Location, "tool", "carry", socket.Handle.ToString(), door])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var child = Process.Start(start)!;
        await child.StandardOutput.ReadLineAsync();
        return Activation.Become(command);
    }

    public static async Task<int> Carry(int descriptor, string door)
    {
        using var connection = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(door));
        listener.Listen();
        Console.WriteLine("open");
        using var client = await listener.AcceptAsync();
        await using var there = new NetworkStream(connection);
        await using var here = new NetworkStream(client);
        await Task.WhenAny(there.CopyToAsync(here), here.CopyToAsync(there));
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int descriptor, int command, int argument);
}
