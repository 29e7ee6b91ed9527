using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Opx.Protocol.Files;

namespace Opx.Client.Tests;

/// <summary>A real socket with real TLS that answers as it is told, and remembers every byte that was sent to it after the handshake.</summary>
public sealed class DaemonDouble : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly TemporaryHome _home;
    private readonly SslProtocols _protocols;
    private volatile X509Certificate2 _certificate = NewCertificate();

    public DaemonDouble(TemporaryHome home, SslProtocols protocols = SslProtocols.Tls13)
    {
        (_home, _protocols) = (home, protocols);
        home.WithDirectories();
        home.WriteToken('a');
        WriteCertificate();
        _listener.Bind(new UnixDomainSocketEndPoint(home.Paths.SocketPath));
        File.SetUnixFileMode(home.Paths.SocketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen(64);
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Connections on which the handshake was done, and what it ended with for the others.</summary>
    public BlockingCollection<string> Handshakes { get; } = [];

    /// <summary>What a daemon that stops says to a client it has not begun to answer: TLS is ended as the protocol wants it.</summary>
    public const string Farewell = "farewell";

    /// <summary>Makes the answer to a request; the connection is closed after it where it says so, and at once for an empty one.</summary>
    public Func<string, string> Respond { get; set; } = _ => Json("{}");

    /// <summary>What is done between a connection and its handshake.</summary>
    public Action BeforeHandshake { get; set; } = () => { };

    public static string Json(string body, int status = 200, string more = "") =>
        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}\r\n{body}";

    public static string Value(string reference, string value) =>
        Json($$"""{"ref":"{{reference}}","value":"{{value}}","from_cache":true,"expires_in_seconds":9,"resolved_at_unix":1}""");

    /// <summary>Another certificate from now on; written to the file only if asked.</summary>
    public void ChangeCertificate(bool write)
    {
        _certificate = NewCertificate();
        if (write)
            WriteCertificate();
    }

    public void WriteCertificate() =>
        PrivateFile.Write(_home.Paths.CertificateFile, Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()));

    public void Dispose() => _listener.Dispose();

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=op-authd-local", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private void Accept()
    {
        while (true)
        {
            try
            {
                var socket = _listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Serve(Socket socket)
    {
        using var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            BeforeHandshake();
            tls.AuthenticateAsServer(new SslServerAuthenticationOptions { ServerCertificate = _certificate, EnabledSslProtocols = _protocols });
            Handshakes.Add("done");
            while (ReadRequest(tls) is { } request)
            {
                Requests.Enqueue(request);
                var answer = Respond(request);
                if (answer == Farewell)
                {
                    tls.ShutdownAsync().Wait();
                    return;
                }

                tls.Write(Encoding.UTF8.GetBytes(answer));
                if (answer.Length == 0 || answer.Contains("Connection: close", StringComparison.Ordinal))
                    return;
            }
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            Handshakes.Add(error.GetType().Name);
        }
    }

    private static string? ReadRequest(SslStream tls)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        while (true)
        {
            var count = tls.Read(buffer);
            if (count == 0)
                return text.Length == 0 ? null : text.ToString();
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            var whole = text.ToString();
            var head = whole.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0)
                continue;
            var stated = whole.Split("\r\n").First(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))[16..];
            if (whole.Length - head - 4 >= int.Parse(stated))
                return whole;
        }
    }
}
