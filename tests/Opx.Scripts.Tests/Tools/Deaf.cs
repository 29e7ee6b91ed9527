using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Opx.Scripts.Tests.Tools;

/// <summary>Clients that ask and never fetch the answer: the daemon's writing comes to a halt when the socket is full.</summary>
internal static class Deaf
{
    public static async Task<int> Run(string socket, string data, int count, string reference)
    {
        var token = await File.ReadAllTextAsync(Path.Combine(data, "token"));
        var body = $$"""{"ref":"{{reference}}"}""";
        var request = $"POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: {token}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        using var certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(data, "tls.crt")));
        var open = new List<SslStream>();
        for (var i = 0; i < count; i++)
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            var tls = new SslStream(new NetworkStream(connection, ownsSocket: true), leaveInnerStreamOpen: false, (_, presented, _, _) => certificate.Equals(presented));
            await tls.AuthenticateAsClientAsync("op-authd-local");
            await tls.WriteAsync(Encoding.ASCII.GetBytes(request));
            open.Add(tls);
        }

        Console.WriteLine($"{open.Count} asked");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        GC.KeepAlive(open);
        return 0;
    }
}
