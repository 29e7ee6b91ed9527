using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Opx.TestKit.Vault;
using Opx.TestKit.Vault.Faults;

namespace Opx.Integration.Tests.Vault;

/// <summary>The double itself: its answers against those of the documentation and of recorded servers (README.md beside it says which).</summary>
public sealed partial class VaultDoubleTests : IAsyncLifetime
{
    private VaultDouble _vault = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _vault = await VaultDouble.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_vault.Address + "/v1/") };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _vault.DisposeAsync();
    }

    [Fact]
    public async Task A_versioned_secret_is_wrapped_twice()
    {
        _vault.AsRoot("POST", "secret/data/app", """{"data":{"b":"<&>","a":1.50,"ü":"é"}}""");

        var (status, body) = await GetAsync("secret/data/app");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """
            {"request_id":"ID","lease_id":"","renewable":false,"lease_duration":0,"data":{"data":{"a":1.50,"b":"\u003c\u0026\u003e","ü":"é"},"metadata":{"created_time":"TIME","custom_metadata":null,"deletion_time":"","destroyed":false,"version":1}},"wrap_info":null,"warnings":null,"auth":null,"mount_type":"kv"}

            """,
            body);
    }

    [Fact]
    public async Task A_deleted_version_is_a_404_with_a_body_and_a_missing_one_without()
    {
        _vault.AsRoot("POST", "secret/data/app", """{"data":{"k":"v"}}""");
        _vault.AsRoot("DELETE", "secret/data/app");

        var (deleted, body) = await GetAsync("secret/data/app");
        var (missing, empty) = await GetAsync("secret/data/other");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (deleted, missing));
        Assert.Contains("\"data\":{\"data\":null,\"metadata\":{\"created_time\":\"TIME\",\"custom_metadata\":null,\"deletion_time\":\"TIME\",\"destroyed\":false,", body);
        Assert.Equal("{\"errors\":[]}\n", empty);
    }

    [Fact]
    public async Task Refusals_say_whether_token_or_policy_is_the_matter()
    {
        var powerless = _vault.TokenFor("default");

        Assert.Equal((HttpStatusCode.Forbidden, "{\"errors\":[\"permission denied\"]}\n"), await GetAsync("secret/data/app", ""));
        Assert.Equal((HttpStatusCode.Forbidden, "{\"errors\":[\"2 errors occurred:\\n\\t* permission denied\\n\\t* invalid token\\n\\n\"]}\n"), await GetAsync("secret/data/app", "hvs.none"));
        Assert.Equal((HttpStatusCode.Forbidden, "{\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}\n"), await GetAsync("secret/data/app", powerless));
        Assert.Equal(
            (HttpStatusCode.Forbidden, "{\"errors\":[\"preflight capability check returned 403, please ensure client's policies grant access to path \\\"secret/app/\\\"\"]}\n"),
            await GetAsync("sys/internal/ui/mounts/secret/app", powerless));
    }

    [Fact]
    public async Task A_mount_is_told_to_who_may_use_it_and_to_nobody_else()
    {
        _vault.AsRoot("POST", "sys/policies/acl/app", """{"policy":"path \"secret/data/app\" { capabilities = [\"read\"] }"}""");

        var (status, body) = await GetAsync("sys/internal/ui/mounts/secret/app", _vault.TokenFor("app"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"options\":{\"version\":\"2\"},\"path\":\"secret/\",", body);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("sys/internal/ui/mounts/nowhere/app", _vault.RootToken)).Status);
    }

    [Fact]
    public async Task Policies_decide_by_the_most_specific_path()
    {
        _vault.AsRoot("POST", "sys/policies/acl/app", """
            {"policy":"path \"secret/data/*\" { capabilities = [\"read\"] }\npath \"secret/data/top/*\" { capabilities = [\"deny\"] }\npath \"secret/data/+/x\" { capabilities = [\"read\"] }"}
            """);
        var token = _vault.TokenFor("app");
        _vault.AsRoot("POST", "secret/data/a/b", """{"data":{"k":"v"}}""");
        _vault.AsRoot("POST", "secret/data/top/b", """{"data":{"k":"v"}}""");

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("secret/data/a/b", token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("secret/data/top/b", token)).Status);
    }

    [Fact]
    public async Task Unversioned_secrets_have_a_lifetime_and_no_lease()
    {
        _vault.AsRoot("POST", "sys/mounts/kv", """{"type":"kv","options":{"version":"1"}}""");
        _vault.AsRoot("POST", "kv/app", """{"k":"v","n":{"z":1,"a":[true,null]}}""");

        var (_, body) = await GetAsync("kv/app");

        Assert.Contains("\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":2764800,\"data\":{\"k\":\"v\",\"n\":{\"a\":[true,null],\"z\":1}},", body);
    }

    [Fact]
    public async Task A_path_outside_data_is_a_404_with_a_warning()
    {
        var (status, body) = await GetAsync("secret/app");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("\"data\":null,\"wrap_info\":null,\"warnings\":[\"Invalid path for a versioned K/V secrets engine.", body);
    }

    [Fact]
    public async Task A_path_that_nothing_is_mounted_at_has_no_handler() =>
        Assert.Equal(
            (HttpStatusCode.NotFound, "{\"errors\":[\"no handler for route \\\"nowhere/x\\\". route entry not found.\"]}\n"), await GetAsync("nowhere/x"));

    [Fact]
    public async Task Encoded_slashes_and_odd_letters_are_decoded_as_go_does()
    {
        _vault.AsRoot("POST", "secret/data/a b/ü?#/x", """{"data":{"k":"v"}}""");

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("secret/data/a%20b%2F%C3%BC%3F%23/x")).Status);
    }

    [Fact]
    public async Task A_wrapped_answer_is_handed_out_once()
    {
        _vault.AsRoot("POST", "sys/auth/approle", """{"type":"approle"}""");
        _vault.AsRoot("POST", "auth/approle/role/ci", """{"token_policies":"default"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "auth/approle/role/ci/secret-id");
        request.Headers.Add("X-Vault-Wrap-TTL", "60s");
        var wrapped = await SendAsync(request, _vault.RootToken);
        var token = WrappingToken().Match(wrapped.Body).Groups[1].Value;

        using var first = new HttpRequestMessage(HttpMethod.Post, "sys/wrapping/unwrap");
        using var second = new HttpRequestMessage(HttpMethod.Post, "sys/wrapping/unwrap");

        Assert.Contains("\"secret_id\":\"", (await SendAsync(first, token)).Body);
        Assert.Equal((HttpStatusCode.BadRequest, "{\"errors\":[\"wrapping token is not valid or does not exist\"]}\n"), await SendAsync(second, token));
    }

    [Fact]
    public async Task A_lease_ends_with_its_token()
    {
        _vault.AsRoot("POST", "sys/mounts/database", """{"type":"database"}""");
        _vault.AsRoot("POST", "database/roles/app", """{"db_name":"x","default_ttl":"1h"}""");
        _vault.AsRoot("POST", "sys/policies/acl/db", """{"policy":"path \"database/creds/*\" { capabilities = [\"read\"] }"}""");

        var (_, body) = await GetAsync("database/creds/app", _vault.TokenFor("db"));
        Assert.Matches("\"lease_id\":\"database/creds/app/[A-Za-z0-9]{24}\",\"renewable\":true,\"lease_duration\":3600,", body);
        Assert.Single(_vault.Core.Leases.Living);

        _vault.KillTokens();
        Assert.Empty(_vault.Core.Leases.Living);
    }

    [Fact]
    public async Task An_authoritys_certificate_is_bytes_without_a_token()
    {
        _vault.AsRoot("POST", "sys/mounts/pki", """{"type":"pki"}""");
        Assert.Equal(HttpStatusCode.NoContent, (await GetAsync("pki/ca/pem", "")).Status);
        _vault.AsRoot("POST", "pki/root/generate/internal", """{"common_name":"example"}""");

        var (status, pem) = await GetAsync("pki/ca/pem", "");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----\n", pem);
        Assert.EndsWith("-----END CERTIFICATE-----", pem);
    }

    [Fact]
    public async Task OpenBao_has_no_mount_type()
    {
        await using var bao = await VaultDouble.StartAsync(new VaultDoubleOptions(IsBao: true));
        bao.AsRoot("POST", "secret/data/app", """{"data":{"k":"v"}}""");
        using var http = new HttpClient { BaseAddress = new Uri(bao.Address + "/v1/") };
        http.DefaultRequestHeaders.Add("X-Vault-Token", bao.RootToken);

        Assert.EndsWith("\"auth\":null}\n", await http.GetStringAsync("secret/data/app", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Faults_hit_their_path_as_often_as_they_were_told_to()
    {
        _vault.AsRoot("POST", "secret/data/app", """{"data":{"k":"v"}}""");
        _vault.Faults.Add(new Fault(FaultKind.Limit, "secret/", Times: 1, After: 1) { Seconds = 7 });

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("secret/data/app")).Status);
        using var limited = new HttpRequestMessage(HttpMethod.Get, "secret/data/app");
        using var answer = await _http.SendAsync(limited, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.TooManyRequests, "7"), (answer.StatusCode, answer.Headers.RetryAfter!.ToString()));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("secret/data/app")).Status);
        Assert.Equal(1, _vault.Counters["faults"]);
    }

    [Fact]
    public async Task Half_a_body_is_an_error_and_a_short_one_is_none_for_http()
    {
        _vault.AsRoot("POST", "secret/data/app", """{"data":{"k":"v"}}""");
        _vault.Faults.Add(new Fault(FaultKind.Half, "secret/", Times: 1));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync("secret/data/app"));
        _vault.Faults.Clear();
        _vault.Faults.Add(new Fault(FaultKind.Short, "secret/", Times: 1));

        var (status, body) = await GetAsync("secret/data/app");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.DoesNotContain("\"auth\":null", body);
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, token ?? _vault.RootToken);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request, string token)
    {
        if (token.Length > 0)
            request.Headers.Add("X-Vault-Token", token);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        body = RequestId().Replace(body, "\"request_id\":\"ID\"");
        return (response.StatusCode, Time().Replace(body, "_time\":\"TIME\""));
    }

    [GeneratedRegex("\"request_id\":\"[0-9a-f-]{36}\"")]
    private static partial Regex RequestId();

    [GeneratedRegex("_time\":\"[0-9][^\"]*Z\"")]
    private static partial Regex Time();

    [GeneratedRegex("\"wrap_info\":\\{\"token\":\"([^\"]*)\"")]
    private static partial Regex WrappingToken();
}
