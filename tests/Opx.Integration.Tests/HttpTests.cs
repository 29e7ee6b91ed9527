using System.Security.Authentication;
using System.Text;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>HTTP as clients send it: in one piece and byte by byte, in order, wrong, and half.</summary>
public sealed class HttpTests : IAsyncLifetime
{
    private readonly StubBackend _backend = new();
    private DaemonUnderTest _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await DaemonUnderTest.StartAsync(_backend);

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("""{"ref":"op://v/i/f","extra":1}""")]
    [InlineData("""{"ref":"op://v/i/f","ref":"op://v/i/g"}""")]
    [InlineData("""{"ref":"op://v/i/f","r\u0065f":"op://v/i/g"}""")]
    [InlineData("""{"ref":"op://v/i/\ud800"}""")]
    public async Task A_malformed_body_is_a_bad_request_and_the_connection_lives(string body)
    {
        await using var client = await _daemon.ConnectAsync();
        await client.SendAsync(RawClient.Request("POST", Routes.Read, _daemon.Token, body));
        Problems.AssertIs(await client.ReceiveAsync(), 400, "bad_request");
        await client.SendAsync(RawClient.Request("GET", Routes.Status, _daemon.Token, null));
        Assert.Equal(200, (await client.ReceiveAsync()).Status);
        Assert.Empty(_backend.Batches);
    }

    [Theory]
    [InlineData("-op://v/i/f")]
    [InlineData("op://v/../f")]
    [InlineData("ftp://v/i/f")]
    [InlineData("op://v/i/\\u0007")]
    [InlineData("")]
    public async Task A_bad_reference_is_unsupported_and_named(string reference)
    {
        var answer = await _daemon.PostAsync(Routes.Read, $$"""{"ref":"{{reference}}"}""");

        Problems.AssertIs(answer, 400, "unsupported_ref");
        Assert.Equal(Printable.Text(reference.Replace("\\u0007", "\u0007")), answer["ref"]);
    }

    [Fact]
    public async Task A_reference_of_5000_bytes_is_unsupported() =>
        Problems.AssertIs(await _daemon.ReadAsync("op://v/i/" + new string('x', 5_000)), 400, "unsupported_ref");

    [Fact]
    public async Task A_foreign_flag_is_unsupported() =>
        Problems.AssertIs(await _daemon.PostAsync(Routes.Read, """{"ref":"op://v/i/f","flags":["--vault=x"]}"""), 400, "unsupported_flag");

    [Fact]
    public async Task A_body_that_says_it_is_over_a_mebibyte_is_too_large()
    {
        var answer = await SendAsync($"POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: {_daemon.Token}\r\nContent-Length: {Limits.BodyBytes + 1}\r\n\r\n");

        Problems.AssertIs(answer, 413, "too_large");
    }

    [Fact]
    public async Task A_chunked_body_that_grows_over_a_mebibyte_is_too_large()
    {
        var chunk = "10000\r\n" + new string(' ', 0x10000) + "\r\n";
        await using var client = await _daemon.ConnectAsync();
        await client.SendAsync($"POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: {_daemon.Token}\r\nTransfer-Encoding: chunked\r\n\r\n");
        try
        {
            for (var i = 0; i < 16; i++)
                await client.SendAsync(chunk);
            await client.SendAsync("1\r\n \r\n");
        }
        catch (IOException)
        {
            // The daemon has answered and closed without waiting for the rest.
        }

        Problems.AssertIs(await client.ReceiveAsync(), 413, "too_large");
    }

    [Fact]
    public async Task A_body_of_exactly_a_mebibyte_is_read()
    {
        const string request = """{"ref":"op://v/i/f"}""";
        Assert.Equal(200, (await _daemon.PostAsync(Routes.Read, request + new string(' ', Limits.BodyBytes - request.Length))).Status);
    }

    [Fact]
    public async Task More_than_a_thousand_references_are_too_large()
    {
        var references = Enumerable.Range(0, 1_001).Select(i => $"\"op://v/i/{i}\"").ToArray();

        Assert.Equal(200, (await _daemon.PostAsync(Routes.Reads, $$"""{"refs":[{{string.Join(',', references[..1_000])}}]}""")).Status);
        Problems.AssertIs(await _daemon.PostAsync(Routes.Reads, $$"""{"refs":[{{string.Join(',', references)}}]}"""), 413, "too_large");
    }

    [Fact]
    public async Task An_unknown_path_is_not_found() => Problems.AssertIs(await _daemon.SendAsync("GET", "/v2/read"), 404, "not_found");

    [Theory]
    [InlineData("GET", Routes.Read, "POST")]
    [InlineData("PUT", Routes.Reads, "POST")]
    [InlineData("DELETE", Routes.Invalidate, "POST")]
    [InlineData("POST", Routes.Status, "GET")]
    public async Task A_wrong_method_is_answered_with_the_right_one(string method, string path, string allowed)
    {
        var answer = await _daemon.SendAsync(method, path, method == "GET" ? null : "{}");

        Problems.AssertIs(answer, 405, "bad_request");
        Assert.Equal(allowed, answer.Header("Allow"));
        Assert.Contains(allowed, answer["detail"]);
    }

    [Fact]
    public async Task A_client_of_http_1_0_is_answered()
    {
        await using var client = await _daemon.ConnectAsync();
        await client.SendAsync(RawClient.Request("GET", Routes.Status, _daemon.Token, null).Replace("HTTP/1.1", "HTTP/1.0"));

        Assert.Equal(200, (await client.ReceiveAsync()).Status);
        Assert.True(await client.ReceiveEndAsync());
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", 400, "bad_request")]
    [InlineData("GET /v1/status\r\n\r\n", 505, "bad_request")]
    [InlineData("GET /v1/status HTTP/1.1\r\n\r\n", 400, "bad_request")]
    [InlineData("GET /v1/status HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "bad_request")]
    [InlineData("GET /v1/status HTTP/1.1\r\nHost: unix\r\nbad header\r\n\r\n", 400, "bad_request")]
    [InlineData("GET /v1/status HTTP/7.1\r\nHost: unix\r\n\r\n", 505, "bad_request")]
    [InlineData("POST /v1/read HTTP/1.1\r\nHost: unix\r\nContent-Length: x\r\n\r\n", 400, "bad_request")]
    [InlineData("POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: TOKEN\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "bad_request")]
    [InlineData("GET /LONG HTTP/1.1\r\nHost: unix\r\n\r\n", 414, "too_large")]
    [InlineData("GET /v1/status HTTP/1.1\r\nHost: unix\r\nX-Long: LONGLONGLONG\r\n\r\n", 431, "too_large")]
    public async Task What_is_not_http_is_answered_with_a_problem_and_the_end(string request, int status, string code)
    {
        // The second on a connection as well as the first.
        foreach (var before in (string[])["", RawClient.Request("GET", Routes.Status, _daemon.Token, null)])
        {
            await using var connection = await _daemon.ConnectAsync();
            await connection.SendAsync(before + request.Replace("TOKEN", _daemon.Token).Replace("LONG", new string('x', 12_000)));
            if (before.Length > 0)
                Assert.Equal(200, (await connection.ReceiveAsync()).Status);
            var answer = await connection.ReceiveAsync();
            Problems.AssertIs(answer, status, code);
            Assert.Equal("close", answer.Header("Connection"));
            Assert.True(await connection.ReceiveEndAsync());
        }

        Assert.True(_daemon.Log == "", _daemon.Log);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_connection_that_is_to_be_closed_ends_with_close_notify(SslProtocols protocol)
    {
        await using var client = await RawClient.ConnectAsync(_daemon.Paths, protocol);
        Assert.Equal(protocol, client.Protocol);
        await client.SendAsync(RawClient.Request("GET", Routes.Status, _daemon.Token, null, "Connection: close"));

        Assert.Equal("close", (await client.ReceiveAsync()).Header("Connection"));
        Assert.True(await client.ReceiveEndAsync());
        Assert.True(client.EndedByAlert);
    }

    [Fact]
    public async Task Older_protocols_than_tls_1_2_are_refused()
    {
#pragma warning disable SYSLIB0039, CA5397 // The point of the test.
        await Assert.ThrowsAnyAsync<Exception>(() => RawClient.ConnectAsync(_daemon.Paths, SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
        Assert.Equal(200, (await _daemon.StatusAsync()).Status);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var client = await _daemon.ConnectAsync();
        await client.SendAsync(string.Concat(Enumerable.Range(0, 50).Select(i =>
            RawClient.Request("POST", Routes.Read, _daemon.Token, $$"""{"ref":"op://v/i/{{i}}"}"""))));

        for (var i = 0; i < 50; i++)
            Assert.Equal($"op://v/i/{i}", (await client.ReceiveAsync())["ref"]);
    }

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_answered()
    {
        await using var client = await _daemon.ConnectAsync();
        foreach (var b in Encoding.UTF8.GetBytes(RawClient.Request("POST", Routes.Read, _daemon.Token, """{"ref":"op://v/i/ü"}""")))
            await client.SendAsync(new[] { b });

        Assert.Equal("value of op://v/i/ü", (await client.ReceiveAsync())["value"]);
    }

    [Theory]
    [InlineData("POST /v1/re")]
    [InlineData("POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: TOKEN\r\nContent-Length: 500\r\n\r\n{\"ref\":")]
    [InlineData("\u0016\u0003\u0001")]
    public async Task Half_a_request_costs_the_daemon_nothing(string half)
    {
        var client = await _daemon.ConnectAsync();
        await client.SendAsync(half.Replace("TOKEN", _daemon.Token));
        client.Vanish();

        Assert.Equal(200, (await _daemon.StatusAsync()).Status);
        Assert.True(_daemon.Log == "", _daemon.Log);
        Assert.Empty(_backend.Batches);
    }

    [Fact]
    public async Task Plain_http_on_the_socket_is_not_answered()
    {
        using var socket = RawClient.ConnectSocket(_daemon.Paths.SocketPath);
        await socket.SendAsync(Encoding.ASCII.GetBytes(RawClient.Request("GET", Routes.Status, _daemon.Token, null)));
        var answer = new byte[4_096];
        var length = await socket.ReceiveAsync(answer).WaitAsync(RawClient.Patience, TimeProvider.System);

        Assert.DoesNotContain("HTTP", Encoding.ASCII.GetString(answer, 0, length));
    }

    private async Task<RawResponse> SendAsync(string request)
    {
        await using var client = await _daemon.ConnectAsync();
        await client.SendAsync(request);
        return await client.ReceiveAsync();
    }
}
