using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Opx.Daemon.Listening.Portable;
using Opx.Daemon.Listening.Tls;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>Both transports: epoll with OpenSSL, and what .NET has. A client cannot tell them apart.</summary>
public sealed class TransportTests
{
    private static readonly string Large = new('x', 60_000);

    public static TheoryData<string, SslProtocols> Each => new()
    {
        { nameof(PolledTransport), SslProtocols.Tls13 },
        { nameof(PolledTransport), SslProtocols.Tls12 },
        { nameof(PortableTransport), SslProtocols.Tls13 },
        { nameof(PortableTransport), SslProtocols.Tls12 },
    };

    [Theory, MemberData(nameof(Each))]
    public async Task A_kept_connection_is_answered_again_and_again_and_ends_with_a_goodbye(string transport, SslProtocols protocol)
    {
        await using var daemon = await StartAsync(transport);
        await using var client = await RawClient.ConnectAsync(daemon.Paths, protocol);
        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync(Read(daemon, $"op://v/i/{i % 3}"));
            Assert.Equal($"value of op://v/i/{i % 3}", (await client.ReceiveAsync())["value"]);
        }

        await client.SendAsync(RawClient.Request("GET", Routes.Status, daemon.Token, null, "Connection: close"));
        Assert.Equal(200, (await client.ReceiveAsync()).Status);
        Assert.True(await client.ReceiveEndAsync());
        Assert.True(client.EndedByAlert);
    }

    [Theory, MemberData(nameof(Each))]
    public async Task An_answer_larger_than_the_socket_takes_at_once_reaches_a_client_that_reads_late(string transport, SslProtocols protocol)
    {
        var backend = new StubBackend { Answer = reference => StubBackend.Value(reference + Large) };
        await using var daemon = await StartAsync(transport, backend);
        await using var late = await RawClient.ConnectAsync(daemon.Paths, protocol);
        var references = Enumerable.Range(0, 20).Select(i => $"op://v/i/{i}").ToArray();
        // Pipelined, and nothing is read before another client was answered: more is under way than all buffers hold.
        await late.SendAsync(string.Concat(references.Select(reference => Read(daemon, reference))));
        Assert.Equal(200, (await daemon.ReadAsync("op://v/i/other")).Status);

        foreach (var reference in references)
            Assert.Equal(reference + Large, (await late.ReceiveAsync())["value"]);
    }

    [Theory, MemberData(nameof(Each))]
    public async Task A_body_of_many_records_arrives_whole(string transport, SslProtocols protocol)
    {
        await using var daemon = await StartAsync(transport);
        await using var client = await RawClient.ConnectAsync(daemon.Paths, protocol);
        var references = Enumerable.Range(0, 1_000).Select(i => $"op://vault/item with a longer name/{i}").ToArray();
        var body = $$"""{"refs":[{{string.Join(',', references.Select(reference => $"\"{reference}\""))}}]}""";
        await client.SendAsync(RawClient.Request("POST", Routes.Reads, daemon.Token, body));

        var answer = Encoding.UTF8.GetString((await client.ReceiveAsync()).Body);
        Assert.All(references, reference => Assert.Contains($"value of {reference}\"", answer));
    }

    [Theory, MemberData(nameof(Each))]
    public async Task A_client_that_goes_away_during_its_read_cancels_it(string transport, SslProtocols protocol)
    {
        var backend = new StubBackend().Hold();
        await using var daemon = await StartAsync(transport, backend);
        await using (var client = await RawClient.ConnectAsync(daemon.Paths, protocol))
        {
            await client.SendAsync(Read(daemon, "op://v/i/f"));
            await backend.ArrivedAsync();
        }

        await backend.CancelledAsync();
        backend.Release();
        Assert.Equal(200, (await daemon.ReadAsync("op://v/i/f")).Status);
    }

    [Theory, MemberData(nameof(Each))]
    public async Task What_is_no_tls_is_closed_and_costs_nobody_an_answer(string transport, SslProtocols protocol)
    {
        await using var daemon = await StartAsync(transport);
        foreach (var bytes in (byte[][])["GET / HTTP/1.1\r\n\r\n"u8.ToArray(), RandomNumberGenerator.GetBytes(4_000), [0x16, 3, 1, 0xff, 0xff, 1]])
        {
            using var socket = RawClient.ConnectSocket(daemon.Paths.SocketPath);
            socket.Send(bytes);
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[100];
            try
            {
                while (await socket.ReceiveAsync(buffer) > 0)
                {
                }
            }
            catch (SocketException)
            {
                // Closed with bytes of ours unread.
            }
        }

        await using var client = await RawClient.ConnectAsync(daemon.Paths, protocol);
        await client.SendAsync(Read(daemon, "op://v/i/f"));
        Assert.Equal(200, (await client.ReceiveAsync()).Status);
        Assert.Equal("", daemon.Log);
    }

    [Theory, MemberData(nameof(Each))]
    public async Task A_certificate_of_ones_own_may_have_an_rsa_key(string transport, SslProtocols protocol)
    {
        using var home = new TemporaryHome();
        using var key = RSA.Create(2_048);
        using var certificate = new CertificateRequest("CN=op-authd-local", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(3_650));
        Directory.CreateDirectory(home.Paths.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        PrivateFile.Write(home.Paths.KeyFile, Encoding.ASCII.GetBytes(key.ExportRSAPrivateKeyPem()));
        PrivateFile.Write(home.Paths.CertificateFile, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));

        await using var daemon = await StartAsync(transport, home: home);
        await using var client = await RawClient.ConnectAsync(daemon.Paths, protocol);
        await client.SendAsync(Read(daemon, "op://v/i/f"));
        Assert.Equal(200, (await client.ReceiveAsync()).Status);
        Assert.Equal(certificate.GetRawCertData(), client.ServerCertificate.GetRawCertData());
    }

    private static string Read(DaemonUnderTest daemon, string reference) =>
        RawClient.Request("POST", Routes.Read, daemon.Token, $$"""{"ref":"{{reference}}"}""");

    private static Task<DaemonUnderTest> StartAsync(string transport, StubBackend? backend = null, TemporaryHome? home = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || transport == nameof(PortableTransport), "epoll is Linux's");
        return DaemonUnderTest.StartAsync(
            backend ?? new StubBackend(),
            home: home,
            transport: parts => transport == nameof(PortableTransport) ? new PortableTransport(parts) : new PolledTransport(parts));
    }
}
