using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Opx.Scripts.Tests.Tools;

/// <summary>
/// Load: several readers at once, each over a connection it keeps or a new one for each request, singly and in batches, and some that go
/// away without waiting for the answer.
/// </summary>
internal sealed class Readers(string socket, string data, string[] references)
{
    private const int Count = 8;

    private readonly string _token = File.ReadAllText(Path.Combine(data, "token"));
    private readonly byte[] _certificate = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(data, "tls.crt"))).RawData;
    private int _answers;
    private int _bytes;

    /// <summary>Reads for so many seconds, and prints how many answers there were.</summary>
    public async Task<int> Run(double seconds)
    {
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(number => Read(number, over.Token)));
        Console.WriteLine($"{_answers} answers, {_bytes / 1024} KiB");
        return _answers > 0 ? 0 : 1;
    }

    private async Task Read(int number, CancellationToken over)
    {
        using var kept = Client();
        for (var round = number; !over.IsCancellationRequested; round++)
        {
            var client = number % 2 == 0 ? kept : Client();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(over);
            if (round % 16 == 15)
                patience.CancelAfter(TimeSpan.FromMilliseconds(round % 5));
            try
            {
                using var answer = await client.SendAsync(Request(round), patience.Token);
                var body = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(patience.Token);
                Interlocked.Increment(ref _answers);
                Interlocked.Add(ref _bytes, body.Length);
            }
            catch (OperationCanceledException)
            {
                // The end, or one of those that do not wait.
            }
            finally
            {
                if (client != kept)
                    client.Dispose();
            }
        }
    }

    private HttpRequestMessage Request(int round)
    {
        var one = references[round % references.Length];
        var fresh = round % 64 == 63 ? ",\"fresh\":true" : "";
        var (route, body) = (round % 3) switch
        {
            0 => ("read", $$$"""{"ref":"{{{one}}}"{{{fresh}}}}"""),
            1 => ("reads", $$"""{"refs":[{{string.Join(',', references.Select(reference => $"\"{reference}\""))}}]}"""),
            _ => ("resolve", $$$"""{"env":{"A":"{{{one}}}","B":"{{{references[0]}}}"}}"""),
        };
        var content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        var request = new HttpRequestMessage(HttpMethod.Post, $"https://op-authd-local/v1/{route}") { Content = content };
        request.Headers.Add("X-OpAuthd-Token", _token);
        return request;
    }

    private HttpClient Client()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetRawCertData().AsSpan().SequenceEqual(_certificate);
        return new HttpClient(handler);
    }
}
