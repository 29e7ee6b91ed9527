using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Opx.Protocol;

namespace Opx.TestKit;

/// <summary>A client that sends the bytes it is told to, right or wrong, over TLS on the daemon's socket.</summary>
public sealed class RawClient : IAsyncDisposable
{
    /// <summary>How long a test waits for what has to come; long, because machines are slow, and only spent by a test that fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly RawClientRecords _records;
    private readonly SslStream _tls;
    private byte[] _ahead = [];

    private RawClient(Socket socket, RawClientRecords records, SslStream tls) => (_socket, _records, _tls) = (socket, records, tls);

    /// <summary>True after <see cref="ReceiveEndAsync"/>, where TLS was ended by <c>close_notify</c> and not cut off.</summary>
    public bool EndedByAlert => _records.EndsWithAlert;

    public X509Certificate2 ServerCertificate => X509CertificateLoader.LoadCertificate(_tls.RemoteCertificate!.GetRawCertData());

    public SslProtocols Protocol => _tls.SslProtocol;

    public static Socket ConnectSocket(string socketPath)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        return socket;
    }

    /// <param name="around">What lies between TLS and the socket.</param>
    public static async Task<RawClient> ConnectAsync(OpxPaths paths, SslProtocols protocols = SslProtocols.None, Func<Stream, Stream>? around = null)
    {
        var socket = ConnectSocket(paths.SocketPath);
        var stream = new NetworkStream(socket, ownsSocket: true);
        var records = new RawClientRecords(around?.Invoke(stream) ?? stream);
        var pinned = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(paths.CertificateFile));
        var tls = new SslStream(records);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = Routes.CertificateName,
            EnabledSslProtocols = protocols,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetRawCertData().AsSpan().SequenceEqual(pinned.RawDataMemory.Span),
        }).WaitAsync(Patience, TimeProvider.System);
        return new RawClient(socket, records, tls);
    }

    public static string Request(string method, string path, string? token, string? body, params string[] headers)
    {
        var request = new StringBuilder($"{method} {path} HTTP/1.1\r\n");
        if (!headers.Any(header => header.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)))
            request.Append("Host: unix\r\n");
        if (token is not null)
            request.Append($"{Routes.TokenHeader}: {token}\r\n");
        foreach (var header in headers)
            request.Append(header).Append("\r\n");
        if (body is not null)
            request.Append($"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        return request.Append("\r\n").Append(body).ToString();
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _tls.WriteAsync(bytes);
        await _tls.FlushAsync();
    }

    /// <summary>The next answer on the connection.</summary>
    public async Task<RawResponse> ReceiveAsync()
    {
        int end;
        while ((end = _ahead.AsSpan().IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await MoreAsync())
                throw new IOException($"the connection ended within the head of an answer: '{Encoding.UTF8.GetString(_ahead)}'");
        }

        var head = RawResponse.FromHead(Encoding.ASCII.GetString(_ahead, 0, end), []);
        var length = int.Parse(head.Header("Content-Length") ?? throw new IOException("the answer has no Content-Length"));
        while (_ahead.Length < end + 4 + length)
        {
            if (!await MoreAsync())
                throw new IOException("the connection ended within the body of an answer");
        }

        var body = _ahead[(end + 4)..(end + 4 + length)];
        _ahead = _ahead[(end + 4 + length)..];
        return head with { Body = body };
    }

    /// <summary>Waits for the end of the connection, however it comes; false where something else came.</summary>
    public async Task<bool> ReceiveEndAsync()
    {
        try
        {
            return _ahead.Length == 0 && !await MoreAsync();
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Says nothing more, by an alert of TLS or on the socket alone, and still listens.</summary>
    public Task CloseSendingAsync(bool withAlert)
    {
        if (withAlert)
            return _tls.ShutdownAsync();
        _socket.Shutdown(SocketShutdown.Send);
        return Task.CompletedTask;
    }

    /// <summary>Goes away without a word, as a process that is killed does.</summary>
    public void Vanish() => _socket.Dispose();

    public async ValueTask DisposeAsync() => await _tls.DisposeAsync();

    private async Task<bool> MoreAsync()
    {
        var buffer = new byte[16_384];
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        var count = await _tls.ReadAsync(buffer, limit.Token);
        _ahead = [.. _ahead, .. buffer.AsSpan(0, count)];
        return count > 0;
    }
}
