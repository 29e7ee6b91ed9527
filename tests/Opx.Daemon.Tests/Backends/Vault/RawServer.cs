using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>A server that says exactly the bytes it is told to, over TCP or TLS, and hangs up as it is told to.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2? _certificate;
    private readonly Func<string, byte[]?> _answer;
    private readonly bool _resets;

    /// <param name="answer">The whole answer to a request's head and body; null to say nothing and wait.</param>
    /// <param name="resets">End each connection with a reset instead of an end.</param>
    public RawServer(Func<string, byte[]?> answer, X509Certificate2? certificate = null, bool resets = false)
    {
        (_answer, _certificate, _resets) = (answer, certificate, resets);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"{(_certificate is null ? "http" : "https")}://{(_certificate is null ? "127.0.0.1" : "localhost")}:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1/x";

    /// <summary>The requests, head and body, as they came.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public int Connections { get; private set; }

    public static byte[] Answer(string head, string body) => Encoding.UTF8.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n" + body);

    public static byte[] Ok(string body) => Answer($"HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: {Encoding.UTF8.GetByteCount(body)}", body);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                _ = ServeAsync(client);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (_certificate is not null)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(_certificate);
                    stream = tls;
                }

                while (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    if (_answer(request) is not { } answer)
                    {
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                        return;
                    }

                    await stream.WriteAsync(answer, _stop.Token);
                    if (!Encoding.ASCII.GetString(answer).StartsWith("HTTP/1.1 200 OK", StringComparison.Ordinal) || _resets || !IsWhole(answer))
                        break;
                }

                if (_resets)
                    client.LingerState = new LingerOption(true, 0);
            }
            catch (Exception over) when (over is OperationCanceledException or IOException or AuthenticationException or ObjectDisposedException)
            {
                // The other side has had enough.
            }
        }
    }

    private static bool IsWhole(byte[] answer)
    {
        var text = Encoding.Latin1.GetString(answer);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end >= 0 && text.Contains($"Content-Length: {answer.Length - end - 4}\r\n", StringComparison.Ordinal);
    }

    private static async Task<string?> ReadAsync(Stream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            text.Append((char)one[0]);
        }

        const string name = "Content-Length: ";
        var head = text.ToString();
        if (head.IndexOf(name, StringComparison.Ordinal) is var at and >= 0)
        {
            var body = new byte[int.Parse(head.AsSpan(at + name.Length, head.IndexOf('\r', at) - at - name.Length))];
            await stream.ReadExactlyAsync(body);
            text.Append(Encoding.UTF8.GetString(body));
        }

        return text.ToString();
    }
}
