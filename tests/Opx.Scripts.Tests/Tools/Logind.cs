using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Opx.Scripts.Tests.Tools;

/// <summary>
/// Plays systemd-logind on a bus of the script's own: takes its name and sends the signals that lines on a FIFO ask for,
/// <c>lock SESSION-PATH</c> and <c>sleep</c>. As much of the D-Bus protocol as that takes.
/// </summary>
internal sealed class Logind
{
    private const string Name = "org.freedesktop.login1";

    private readonly NetworkStream _bus;
    private uint _serial;

    private Logind(NetworkStream bus) => _bus = bus;

    public static async Task<int> Run(string bus, string asked)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(bus));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("\0AUTH ANONYMOUS\r\nBEGIN\r\n"));
        var logind = new Logind(stream);
        await logind.Send(1, "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", "org.freedesktop.DBus", "", []);
        await logind.Send(1, "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName", "org.freedesktop.DBus", "su", [.. Text(Name), 0, .. Number(4)]);
        _ = stream.CopyToAsync(Stream.Null);
        while (true)
        {
            foreach (var line in File.ReadLines(asked))
            {
                if (line == "sleep")
                    await logind.Send(4, "/org/freedesktop/login1", Name + ".Manager", "PrepareForSleep", null, "b", Number(1));
                else
                    await logind.Send(4, line.Split(' ')[1], Name + ".Session", "Lock", null, "", []);
            }
        }
    }

    private async Task Send(byte kind, string path, string face, string member, string? destination, string signature, byte[] body)
    {
        var fields = new List<byte>();
        Field(fields, 1, "o", Text(path));
        Field(fields, 2, "s", Text(face));
        Field(fields, 3, "s", Text(member));
        if (destination is not null)
            Field(fields, 6, "s", Text(destination));
        if (signature.Length > 0)
            Field(fields, 8, "g", [(byte)signature.Length, .. Encoding.ASCII.GetBytes(signature), 0]);
        var length = fields.Count;
        Pad(fields, 8);
        await _bus.WriteAsync((byte[])[(byte)'l', kind, 0, 1, .. Number((uint)body.Length), .. Number(++_serial), .. Number((uint)length), .. fields, .. body]);
    }

    // A structure of a byte and a variant, at a multiple of 8; strings and numbers lie at a multiple of 4.
    private static void Field(List<byte> fields, byte code, string type, byte[] value)
    {
        Pad(fields, 8);
        fields.AddRange([code, 1, (byte)type[0], 0]);
        fields.AddRange(value);
    }

    private static void Pad(List<byte> bytes, int to)
    {
        while (bytes.Count % to != 0)
            bytes.Add(0);
    }

    private static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Text(string text) => [.. Number((uint)text.Length), .. Encoding.ASCII.GetBytes(text), 0];
}
