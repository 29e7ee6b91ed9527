using System.Text;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Secrets;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>HTTP with a real server at the other end, in this process and through a worker: the one is to be like the other.</summary>
[Collection(RealProcesses.Name)]
public sealed class ExchangeTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly ServerCertificates _certificates = new();

    public static TheoryData<bool> Both => [false, true];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificates.Dispose();
        _home.Dispose();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_request_and_its_answer_arrive_byte_for_byte(bool worker)
    {
        var body = """{"data":"ä😀\u0000"}""";
        using var server = new RawServer(_ => RawServer.Ok(body));
        using var exchange = Exchange(worker);
        using var token = SecretValue.CopyOf("hvs.token"u8);
        using var sent = new SecretBuffer();
        sent.Append("""{"password":"ü"}"""u8);
        using var tail = new SecretBuffer();
        tail.Append("/us%20er?a=b"u8);

        using var answer = await exchange.SendAsync(new VaultRequest("POST", server.Url) { Token = token, Namespace = "team/a", Body = sent, UrlTail = tail }, Cancellation);

        Assert.Equal((ExchangeFault.None, 200, "application/json", body), (answer.Fault, answer.Status, answer.ContentType, Encoding.UTF8.GetString(answer.Body.Bytes)));
        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /v1/x/us%20er?a=b HTTP/1.1\r\n", request);
        Assert.Contains("\r\nX-Vault-Token: hvs.token\r\n", request);
        Assert.Contains("\r\nX-Vault-Request: true\r\n", request);
        Assert.Contains("\r\nX-Vault-Namespace: team/a\r\n", request);
        Assert.EndsWith("""{"password":"ü"}""", request);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Without_a_token_a_namespace_or_a_body_none_is_sent(bool worker)
    {
        using var server = new RawServer(_ => RawServer.Ok("{}"));
        using var exchange = Exchange(worker);

        using var answer = await exchange.SendAsync(new VaultRequest("GET", server.Url), Cancellation);

        var request = Assert.Single(server.Requests);
        Assert.DoesNotContain("X-Vault-Token", request);
        Assert.DoesNotContain("X-Vault-Namespace", request);
        Assert.DoesNotContain("Content-", request);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_headers_that_count_come_along_and_no_redirect_is_followed(bool worker)
    {
        using var server = new RawServer(_ => RawServer.Answer("HTTP/1.1 307 Temporary Redirect\nLocation: http://evil.example/v1/x\nRetry-After: 17\nContent-Length: 0\nConnection: close", ""));
        using var exchange = Exchange(worker);

        using var answer = await exchange.SendAsync(new VaultRequest("GET", server.Url), Cancellation);

        Assert.Equal((307, "http://evil.example/v1/x", "17", 0), (answer.Status, answer.Location, answer.RetryAfter, answer.Body.Length));
        Assert.Single(server.Requests);
    }

    public static TheoryData<string, string, int> Broken => new()
    {
        { "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 100", "{\"data\":", (int)ExchangeFault.Truncated },
        { "HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "8\r\n{\"data\":\r\n", (int)ExchangeFault.Truncated },
        { "HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "zz\r\n{\"data\":\r\n", (int)ExchangeFault.Broken },
        { "HTTP/1.1 200 OK\nContent-Length: 99999999999999999999", "{}", (int)ExchangeFault.NotHttp },
        { "SSH-2.0-OpenSSH_9.9", "", (int)ExchangeFault.NotHttp },
        { "", "", (int)ExchangeFault.NotHttp },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task An_answer_that_is_not_whole_is_a_fault_and_never_a_shorter_value(string head, string body, int fault)
    {
        foreach (var worker in (bool[])[false, true])
        {
            using var server = new RawServer(_ => RawServer.Answer(head, body));
            using var exchange = Exchange(worker);

            using var answer = await exchange.SendAsync(new VaultRequest("GET", server.Url), Cancellation);

            Assert.NotEqual(ExchangeFault.None, answer.Fault);
            // Which of them it is depends on where .NET notices.
            Assert.Contains(answer.Fault, (ExchangeFault[])[(ExchangeFault)fault, ExchangeFault.Broken, ExchangeFault.Truncated]);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task More_bytes_than_announced_are_no_part_of_the_answer(bool worker)
    {
        using var server = new RawServer(_ => RawServer.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "{}{\"more\":1}"));
        using var exchange = Exchange(worker);

        using var answer = await exchange.SendAsync(new VaultRequest("GET", server.Url), Cancellation);

        Assert.Equal("{}", Encoding.UTF8.GetString(answer.Body.Bytes));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_reset_is_a_broken_connection(bool worker)
    {
        using var server = new RawServer(_ => [], resets: true);
        using var exchange = Exchange(worker);

        Assert.Equal(ExchangeFault.Broken, await FaultAsync(exchange, server.Url));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Nobody_at_the_port_and_nobody_of_the_name_are_told_apart(bool worker)
    {
        string url;
        using (var server = new RawServer(_ => null))
            url = server.Url;
        using var exchange = Exchange(worker);

        Assert.Equal(ExchangeFault.Unreachable, await FaultAsync(exchange, url));
        Assert.Equal(ExchangeFault.NameUnknown, await FaultAsync(exchange, "http://no-such-host.invalid/v1/x"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_server_that_hangs_is_left_when_the_caller_gives_up(bool worker)
    {
        using var server = new RawServer(_ => null);
        using var exchange = Exchange(worker);
        using var cancellation = new CancellationTokenSource();

        var sending = exchange.SendAsync(new VaultRequest("GET", server.Url), cancellation.Token);
        while (server.Requests.IsEmpty)
            await Task.Yield();
        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_certificate_of_a_trusted_authority_is_good_from_a_file_and_from_a_directory(bool worker)
    {
        using var certificate = _certificates.Issue();
        using var server = new RawServer(_ => RawServer.Ok("{}"), certificate);
        var file = _home.Write("ca/authority.pem", Encoding.ASCII.GetBytes(_certificates.AuthorityPem));

        foreach (var path in (string[])[file, _home.In("ca")])
        {
            using var exchange = Exchange(worker, new ServerTrust(path, null, null, UsesProxy: true));
            Assert.Equal(ExchangeFault.None, await FaultAsync(exchange, server.Url));
        }
    }

    [Theory]
    [InlineData(false, "localhost", false, "", (int)ExchangeFault.CertificateUntrusted)]
    [InlineData(true, "localhost", false, "", (int)ExchangeFault.CertificateUntrusted)]
    [InlineData(false, "localhost", true, "ca", (int)ExchangeFault.CertificateExpired)]
    [InlineData(true, "localhost", true, "ca", (int)ExchangeFault.CertificateExpired)]
    [InlineData(false, "vault.example", false, "ca", (int)ExchangeFault.CertificateForAnotherName)]
    [InlineData(true, "vault.example", false, "ca", (int)ExchangeFault.CertificateForAnotherName)]
    [InlineData(false, "localhost", false, "other", (int)ExchangeFault.CertificateUntrusted)]
    public async Task A_certificate_that_does_not_hold_gets_no_token(bool worker, string name, bool isExpired, string trust, int fault)
    {
        using var others = new ServerCertificates();
        using var certificate = _certificates.Issue(name, isExpired);
        using var server = new RawServer(_ => RawServer.Ok("{}"), certificate);
        _home.Write("ca", Encoding.ASCII.GetBytes(_certificates.AuthorityPem));
        _home.Write("other", Encoding.ASCII.GetBytes(others.AuthorityPem));
        using var exchange = Exchange(worker, new ServerTrust(trust.Length == 0 ? null : _home.In(trust), null, null, UsesProxy: true));

        Assert.Equal((ExchangeFault)fault, await FaultAsync(exchange, server.Url));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(false, "none")]
    [InlineData(true, "none")]
    [InlineData(false, "junk")]
    [InlineData(true, "junk")]
    public async Task An_authority_that_cannot_be_read_is_no_reason_to_trust_the_systems(bool worker, string file)
    {
        _home.Write("junk", "not a certificate"u8);
        using var exchange = Exchange(worker, new ServerTrust(_home.In(file), null, null, UsesProxy: true));

        Assert.Equal(ExchangeFault.TrustUnusable, await FaultAsync(exchange, "https://127.0.0.1:1/v1/x"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_token_with_a_line_end_in_it_is_not_sent(bool worker)
    {
        using var server = new RawServer(_ => RawServer.Ok("{}"));
        using var exchange = Exchange(worker);
        using var token = SecretValue.CopyOf("hvs.x\r\nX-Other: y"u8);

        using var answer = await exchange.SendAsync(new VaultRequest("GET", server.Url) { Token = token }, Cancellation);

        Assert.Equal((ExchangeFault.Unsendable, 0), (answer.Fault, server.Requests.Count));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Many_requests_at_once_each_get_their_own_answer(bool worker)
    {
        using var server = new RawServer(request => RawServer.Ok(request[..request.IndexOf(" HTTP", StringComparison.Ordinal)]));
        using var exchange = Exchange(worker);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var answer = await exchange.SendAsync(new VaultRequest("GET", $"{server.Url}{i}"), Cancellation);
            return Encoding.UTF8.GetString(answer.Body.Bytes);
        }));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"GET /v1/x{i}"), answers);
    }

    internal static WorkerProgram Program { get; } = new(
        Path.Combine(AppContext.BaseDirectory, "opx-authd"),
        WorkerProgram.EnvironmentOf(Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(variable => !((string)variable.Key).Contains("proxy", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!)));

    internal static IVaultExchange Exchange(bool worker, ServerTrust? trust = null)
    {
        trust ??= new ServerTrust(null, null, null, UsesProxy: false);
        return worker ? new WorkerExchange(Program, trust, TimeProvider.System) : new HttpExchange(trust with { UsesProxy = false });
    }

    private static async Task<ExchangeFault> FaultAsync(IVaultExchange exchange, string url)
    {
        using var answer = await exchange.SendAsync(new VaultRequest("GET", url), Cancellation);
        return answer.Fault;
    }
}
