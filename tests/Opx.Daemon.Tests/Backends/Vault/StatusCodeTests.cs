using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>What the server's statuses, and its silence, mean for whoever asked.</summary>
public sealed class StatusCodeTests : IDisposable
{
    private const string Reference = "vault://kv/x#k";
    private const string Good = """{"request_id":"r","data":{"k":"v"}}""";

    private readonly VaultUnderTest _vault = new();

    public StatusCodeTests() => Server.Mount("kv", "kv/x", "1");

    private ScriptedVault Server => _vault.Server;

    public void Dispose() => _vault.Dispose();

    [Theory]
    [InlineData(400, "backend_error")]
    [InlineData(404, "not_found")]
    [InlineData(405, "unsupported_ref")]
    [InlineData(418, "backend_error")]
    [InlineData(412, "backend_unavailable")]
    [InlineData(472, "backend_unavailable")]
    [InlineData(473, "backend_unavailable")]
    [InlineData(500, "backend_error")]
    [InlineData(501, "backend_unavailable")]
    [InlineData(502, "backend_unavailable")]
    [InlineData(503, "backend_unavailable")]
    [InlineData(504, "backend_unavailable")]
    [InlineData(599, "backend_unavailable")]
    public async Task Every_status_has_a_type(int status, string code)
    {
        Server.On("kv/x", status, """{"errors":["canary-7319 in the server's own words"]}""");

        var failure = (await _vault.PassTimeAsync(_vault.OutcomesAsync(Reference)))[0].Failure!;

        Assert.Equal(code, failure.Code.Name());
        Assert.DoesNotContain("canary", failure.Detail);
        Assert.DoesNotContain(failure.Detail, char.IsControl);
    }

    [Theory]
    [InlineData(412)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task What_may_pass_is_tried_up_to_three_times(int status)
    {
        Server.On("kv/x", () => ScriptedVault.Json(status, "busy"), () => ScriptedVault.Json(status, "busy"), () => ScriptedVault.Json(200, Good));

        Assert.Equal(["v"], await _vault.PassTimeAsync(_vault.ReadAsync(Reference)));
        Assert.Equal(3, Server.Count("kv/x"));

        Server.On("kv/x", status, "busy");
        Assert.NotEqual(["v"], await _vault.PassTimeAsync(_vault.ReadAsync(Reference)));
        Assert.Equal(6, Server.Count("kv/x"));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(501)]
    public async Task What_would_only_fail_again_is_not_tried_again(int status)
    {
        Server.On("kv/x", status, """{"errors":[]}""");

        await _vault.ReadAsync(Reference);

        Assert.Equal(1, Server.Count("kv/x"));
    }

    [Theory]
    [InlineData("Vault is sealed")]
    [InlineData("OpenBao is sealed")]
    public async Task A_sealed_server_is_said_to_be_and_not_asked_again(string words)
    {
        Server.On("kv/x", 503, $$"""{"errors":["{{words}}"]}""");

        var failure = await _vault.FailureAsync(Reference);

        Assert.Equal(ErrorCode.BackendUnavailable, failure.Code);
        Assert.Contains("sealed", failure.Detail);
        Assert.Equal(1, Server.Count("kv/x"));
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData("0", 0)]
    [InlineData("Sun, 22 Nov 2026 00:01:00 GMT", 60)]
    [InlineData("Sat, 21 Nov 2026 00:00:00 GMT", 0)]
    [InlineData("999999999", 86_400)]
    public async Task A_quota_that_is_used_up_says_for_how_long(string header, int seconds)
    {
        Server.On("kv/x", _ => ScriptedVault.Json(429, """{"errors":["request path \"kv/x\": rate limit quota exceeded"]}""", header));

        var failure = await _vault.FailureAsync(Reference);

        Assert.Equal((ErrorCode.RateLimited, TimeSpan.FromSeconds(seconds)), (failure.Code, failure.RetryAfter));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("soon")]
    [InlineData("-3")]
    public async Task A_quota_without_a_time_is_one_for_five_seconds(string? header)
    {
        Server.On("kv/x", _ => ScriptedVault.Json(429, "", header));

        var failure = await _vault.FailureAsync(Reference);

        Assert.Equal((ErrorCode.RateLimited, TimeSpan.FromSeconds(5)), (failure.Code, failure.RetryAfter));
    }

    public static TheoryData<int, string> Faults
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var fault in Enum.GetValues<ExchangeFault>().Where(fault => fault != ExchangeFault.None))
            {
                data.Add((int)fault, fault switch
                {
                    ExchangeFault.ConnectTimeout => "backend_timeout",
                    ExchangeFault.TooLarge => "too_large",
                    ExchangeFault.NotHttp => "backend_error",
                    ExchangeFault.Unsendable => "sign_in_required",
                    _ => "backend_unavailable",
                });
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Every_way_to_get_no_answer_has_a_type_and_says_what_to_do(int fault, string code)
    {
        Server.On("kv/x", _ => VaultAnswer.Of((ExchangeFault)fault));

        var failure = (await _vault.PassTimeAsync(_vault.OutcomesAsync(Reference)))[0].Failure!;

        Assert.Equal(code, failure.Code.Name());
        Assert.InRange(failure.Detail.Length, 40, 250);
    }

    [Fact]
    public async Task A_connection_that_broke_is_tried_again_and_a_certificate_that_is_wrong_is_not()
    {
        Server.On("kv/x", () => VaultAnswer.Of(ExchangeFault.Broken), () => VaultAnswer.Of(ExchangeFault.Truncated), () => ScriptedVault.Json(200, Good));
        Assert.Equal(["v"], await _vault.PassTimeAsync(_vault.ReadAsync(Reference)));

        Server.On("kv/x", () => VaultAnswer.Of(ExchangeFault.CertificateUntrusted), () => ScriptedVault.Json(200, Good));
        Assert.Equal(["backend_unavailable"], await _vault.ReadAsync(Reference));
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_twenty_seconds_and_the_others_keep_what_they_have()
    {
        Server.Mount("kv", "kv/y", "1").On("kv/y", 200, Good).On("kv/x", _ => new TaskCompletionSource<VaultAnswer>().Task);

        var read = _vault.ReadAsync("vault://kv/y#k", Reference);
        while (Server.Count("kv/") < 2)
            await Task.Yield();
        _vault.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.False(read.IsCompleted);
        _vault.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["v", "backend_timeout"], await read);
    }

    [Fact]
    public async Task Whoever_gives_up_leaves_nothing_behind()
    {
        Server.On("kv/x", _ => new TaskCompletionSource<VaultAnswer>().Task);
        using var cancellation = new CancellationTokenSource();

        var read = _vault.Backend.ReadAsync(new([SecretReference.Parse(Reference, out _)!], null), cancellation.Token);
        while (Server.Count("kv/") < 1)
            await Task.Yield();
        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Theory]
    [InlineData("/v1/kv/elsewhere", "v")]
    [InlineData("http://127.0.0.1:8200/v1/kv/elsewhere", "v")]
    [InlineData("http://127.0.0.1:8201/v1/kv/elsewhere", "backend_error")]
    [InlineData("http://localhost:8200/v1/kv/elsewhere", "backend_error")]
    [InlineData("https://127.0.0.1:8200/v1/kv/elsewhere", "backend_error")]
    [InlineData("http://127.0.0.1:8200@evil.example/v1/kv/elsewhere", "backend_error")]
    [InlineData("//evil.example/v1/kv/elsewhere", "backend_error")]
    [InlineData("file:///etc/passwd", "backend_error")]
    [InlineData("", "backend_error")]
    [InlineData(null, "backend_error")]
    public async Task A_redirect_leads_nowhere_but_to_the_same_server(string? location, string outcome)
    {
        Server.On("kv/x", _ => ScriptedVault.Answer(307, [], null, location: location)).On("kv/elsewhere", 200, Good);

        Assert.Equal([outcome], await _vault.ReadAsync(Reference));
        Assert.All(Server.Asked, asked => Assert.StartsWith("http://127.0.0.1:8200/", asked.Url));
    }

    [Fact]
    public async Task A_second_redirect_is_not_followed()
    {
        Server.On("kv/x", _ => ScriptedVault.Answer(302, [], null, location: "/v1/kv/x"));

        Assert.Equal(["backend_error"], await _vault.ReadAsync(Reference));
        Assert.Equal(2, Server.Count("kv/"));
    }

    [Theory]
    [InlineData("application/pem-certificate-chain", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")]
    [InlineData("text/plain", "ssh-rsa AAAA\n")]
    [InlineData(null, "\u00ff\u0000raw")]
    public async Task An_answer_that_is_no_json_is_the_value_byte_for_byte(string? contentType, string body)
    {
        Server.Mount("pki", "pki/x", version: null).On("pki/x", _ => ScriptedVault.Answer(200, System.Text.Encoding.UTF8.GetBytes(body), contentType));

        Assert.Equal([body, "not_found"], await _vault.ReadAsync("vault://pki/x", "vault://pki/x#k"));
    }

    [Fact]
    public async Task A_document_without_the_envelope_is_the_secret_itself()
    {
        Server.Mount("identity", "identity/x", version: null).On("identity/x", 200, """{ "issuer": "i", "keys": [ ] }""");

        Assert.Equal(["i", """{"issuer":"i","keys":[]}"""], await _vault.ReadAsync("vault://identity/x#issuer", "vault://identity/x"));
    }

    [Theory]
    [InlineData("text/html", "<html>log in</html>", "backend_error")]
    [InlineData("text/html", "plainly", "backend_error")]
    [InlineData(null, " <!DOCTYPE html><html>", "backend_error")]
    [InlineData("application/json", """{"request_id":"r","data":{"k":"v""", "backend_error")]
    [InlineData("application/json", """{"request_id":"r","data":{"k":"v"}} {""", "backend_error")]
    [InlineData("application/json", "[1]", "backend_error")]
    [InlineData("application/json", """{"request_id":"r","data":null}""", "not_found")]
    [InlineData("application/json", """{"request_id":"r"}""", "not_found")]
    [InlineData("application/json", "", "not_found")]
    public async Task What_is_no_answer_of_the_server_is_no_value(string? contentType, string body, string code)
    {
        Server.On("kv/x", _ => ScriptedVault.Answer(200, System.Text.Encoding.UTF8.GetBytes(body), contentType));

        Assert.Equal([code], await _vault.ReadAsync("vault://kv/x"));
    }
}
