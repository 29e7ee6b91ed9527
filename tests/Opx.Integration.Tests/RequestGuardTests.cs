using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>What stands before every endpoint: where a request claims to come from, and the token.</summary>
public sealed class RequestGuardTests : IAsyncLifetime
{
    private readonly StubBackend _backend = new();
    private DaemonUnderTest _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await DaemonUnderTest.StartAsync(_backend);

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [Theory]
    [InlineData("X-OpAuthd-Token")]
    [InlineData("x-opauthd-token")]
    [InlineData("X-OPAUTHD-TOKEN")]
    public async Task The_token_is_found_in_any_case_of_its_header(string header)
    {
        var answer = await SendAsync(RawClient.Request("GET", Routes.Status, null, null, $"{header}: {_daemon.Token}"));

        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("X-OpAuthd-Token: ")]
    [InlineData("X-OpAuthd-Token: 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("X-OpAuthd-Token: TOKEN0")]
    [InlineData("X-OpAuthd-Token: TOKEN, TOKEN")]
    [InlineData("X-OpAuthd-Token: TOKEN|X-OpAuthd-Token: TOKEN")]
    [InlineData("X-OpAuthd-Token: TOKEN|X-OpAuthd-Token: wrong")]
    [InlineData("Authorization: Bearer TOKEN")]
    public async Task A_request_without_exactly_the_token_is_unauthorized(string headers)
    {
        var lines = headers.Replace("TOKEN", _daemon.Token).Split('|', StringSplitOptions.RemoveEmptyEntries);

        var answer = await SendAsync(RawClient.Request("POST", Routes.Read, null, """{"ref":"op://v/i/f"}""", lines));

        Problems.AssertIs(answer, 401, "unauthorized");
        Assert.DoesNotContain(_daemon.Token, answer.Text);
        Assert.Empty(_backend.Batches);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_before_a_byte_of_the_body_is_there()
    {
        var answer = await SendAsync("POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: wrong\r\nContent-Length: 500\r\n\r\n");

        Problems.AssertIs(answer, 401, "unauthorized");
    }

    [Fact]
    public async Task A_wrong_token_with_a_body_too_large_is_about_the_token()
    {
        var answer = await SendAsync("POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: wrong\r\nContent-Length: 99999999\r\n\r\n");

        Problems.AssertIs(answer, 401, "unauthorized");
    }

    [Fact]
    public async Task Many_wrong_tokens_are_limited_and_a_right_one_is_not()
    {
        await using var client = await _daemon.ConnectAsync();
        RawResponse answer;
        var count = 0;
        do
        {
            await client.SendAsync(RawClient.Request("GET", Routes.Status, "wrong", null));
            answer = await client.ReceiveAsync();
        }
        while (answer.Status == 401 && ++count < 10_000);

        Problems.AssertIs(answer, 429, "rate_limited");
        Assert.Equal("1", answer.Header("Retry-After"));
        Assert.Equal(200, (await _daemon.StatusAsync()).Status);
    }

    [Theory]
    [InlineData("Origin: https://example.com")]
    [InlineData("Origin: null")]
    [InlineData("Referer: https://example.com/page")]
    [InlineData("Host: example.com")]
    [InlineData("Host: unix.example.com")]
    [InlineData("Host: 127.0.0.1")]
    public async Task What_a_browser_was_made_to_send_is_refused(string header)
    {
        var answer = await _daemon.SendAsync("POST", Routes.Read, """{"ref":"op://v/i/f"}""", header);

        Problems.AssertIs(answer, 400, "bad_request");
        Assert.Empty(_backend.Batches);
    }

    [Theory]
    [InlineData("unix")]
    [InlineData("localhost")]
    [InlineData("op-authd-local")]
    [InlineData("localhost:443")]
    public async Task The_names_of_the_daemon_are_accepted_as_its_host(string host) =>
        Assert.Equal(200, (await _daemon.SendAsync("GET", Routes.Status, null, $"Host: {host}")).Status);

    [Fact]
    public async Task A_path_and_a_method_are_looked_at_only_with_the_token()
    {
        Assert.Equal(401, (await SendAsync(RawClient.Request("GET", "/v2/read", "wrong", null))).Status);
        Assert.Equal(401, (await SendAsync(RawClient.Request("GET", Routes.Read, "wrong", null))).Status);
    }

    private async Task<RawResponse> SendAsync(string request)
    {
        await using var client = await _daemon.ConnectAsync();
        await client.SendAsync(request);
        return await client.ReceiveAsync();
    }
}
