using System.Net.Sockets;
using System.Text;

namespace Opx.Scripts.Tests.Tools;

/// <summary>Peers that a shell has no words for.</summary>
internal static class Sockets
{
    /// <summary>Opens connections that say nothing, prints how many, and keeps them until it is ended.</summary>
    public static async Task<int> Connect(string path, int count)
    {
        var open = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            open.Add(socket);
        }

        Console.WriteLine($"{open.Count} open");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        GC.KeepAlive(open);
        return 0;
    }

    /// <summary>Listens, prints so, and keeps each connection without a word; prints every byte that comes in hexadecimal.</summary>
    public static async Task<int> Listen(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        Console.WriteLine("listening");
        var open = new List<Task>();
        while (true)
            open.Add(Print(await listener.AcceptAsync()));
    }

    /// <summary>Plays the service manager: waits for the word on a datagram socket and prints what came.</summary>
    public static async Task<int> Notified(string path, string word)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        Console.WriteLine("waiting");
        var buffer = new byte[4096];
        while (true)
        {
            var text = Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
            Console.WriteLine(text);
            if (text.Contains(word, StringComparison.Ordinal))
                return 0;
        }
    }

    private static async Task Print(Socket peer)
    {
        var buffer = new byte[4096];
        while (await peer.ReceiveAsync(buffer) is > 0 and var got)
            Console.WriteLine(Convert.ToHexStringLower(buffer.AsSpan(0, got)));
    }
}
