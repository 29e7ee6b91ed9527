using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Opx.TestKit;
using Opx.TestKit.Vault;

namespace Opx.Integration.Tests.Vault;

/// <summary>The double's auth methods: who gets a token, and what is said to who gets none.</summary>
public sealed class VaultDoubleLoginTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private VaultDouble _vault = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _vault = await VaultDouble.StartAsync(new VaultDoubleOptions(Clock: _clock));
        _http = new HttpClient { BaseAddress = new Uri(_vault.Address) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _vault.DisposeAsync();
    }

    [Fact]
    public async Task A_password_gives_a_token_and_a_wrong_one_a_400()
    {
        _vault.AsRoot("POST", "sys/auth/userpass", """{"type":"userpass"}""");
        _vault.AsRoot("POST", "auth/userpass/users/me", """{"password":"right","token_policies":"app","token_ttl":"30m"}""");

        var (status, body) = await PostAsync("auth/userpass/login/me", """{"password":"right"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("hvs.", body["auth"]!["client_token"]!.GetValue<string>());
        Assert.Equal(
            ("""["app","default"]""", 1800, true, """{"username":"me"}"""),
            (body["auth"]!["policies"]!.ToJsonString(), body["auth"]!["lease_duration"]!.GetValue<int>(), body["auth"]!["renewable"]!.GetValue<bool>(),
                body["auth"]!["metadata"]!.ToJsonString()));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid username or password"), await RefusedAsync("auth/userpass/login/me", """{"password":"wrong"}"""));
        Assert.Equal((1, 1), (_vault.Counters["logins"], _vault.Counters["failed_logins"]));
    }

    [Fact]
    public async Task A_secret_id_is_used_up()
    {
        _vault.AsRoot("POST", "sys/auth/approle", """{"type":"approle"}""");
        _vault.AsRoot("POST", "auth/approle/role/ci", """{"token_policies":"app","secret_id_num_uses":1}""");
        var role = _vault.AsRoot("GET", "auth/approle/role/ci/role-id")!["data"]!["role_id"]!.GetValue<string>();
        var secret = _vault.AsRoot("POST", "auth/approle/role/ci/secret-id")!["data"]!["secret_id"]!.GetValue<string>();
        var login = $$"""{"role_id":"{{role}}","secret_id":"{{secret}}"}""";

        Assert.Equal(HttpStatusCode.OK, (await PostAsync("auth/approle/login", login)).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid role or secret ID"), await RefusedAsync("auth/approle/login", login));
    }

    [Fact]
    public async Task A_signed_token_gives_a_token()
    {
        var key = JsonValue.Create(_vault.Issuer.ExportSubjectPublicKeyInfoPem()).ToJsonString();
        _vault.AsRoot("POST", "sys/auth/jwt", """{"type":"jwt"}""");
        _vault.AsRoot("POST", "auth/jwt/config", $$"""{"jwt_validation_pubkeys":[{{key}}]}""");
        _vault.AsRoot("POST", "auth/jwt/role/ci", """{"role_type":"jwt","user_claim":"sub","bound_audiences":["opx"],"token_policies":["app"]}""");
        var good = (await _http.GetStringAsync("/control/jwt?sub=me&aud=opx", TestContext.Current.CancellationToken)).Trim();
        var other = (await _http.GetStringAsync("/control/jwt?sub=me&aud=other", TestContext.Current.CancellationToken)).Trim();

        Assert.Equal(HttpStatusCode.OK, (await PostAsync("auth/jwt/login", $$"""{"role":"ci","jwt":"{{good}}"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await RefusedAsync("auth/jwt/login", $$"""{"role":"ci","jwt":"{{other}}"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await RefusedAsync("auth/jwt/login", $$"""{"role":"ci","jwt":"{{good[..^8]}}AAAAAAAA"}""")).Status);
    }

    [Fact]
    public async Task A_browser_brings_a_code_that_is_good_once_and_for_who_began()
    {
        _vault.AsRoot("POST", "sys/auth/oidc", """{"type":"oidc"}""");
        _vault.AsRoot("POST", "auth/oidc/config", """{"oidc_discovery_url":"https://idp.example","default_role":"me"}""");
        _vault.AsRoot("POST", "auth/oidc/role/me", """{"user_claim":"sub","allowed_redirect_uris":["http://localhost:8250/oidc/callback"],"token_policies":["app"]}""");
        var (_, begun) = await PostAsync("auth/oidc/oidc/auth_url", """{"redirect_uri":"http://localhost:8250/oidc/callback","client_nonce":"n"}""");
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var sent = await browser.GetAsync(begun["data"]!["auth_url"]!.GetValue<string>(), TestContext.Current.CancellationToken);
        var back = sent.Headers.Location!;
        Assert.Equal("http://localhost:8250/oidc/callback", back.GetLeftPart(UriPartial.Path));

        var (status, body) = await GetAsync($"auth/oidc/oidc/callback{back.Query}&client_nonce=n");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""["app","default"]""", body["auth"]!["policies"]!.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync($"auth/oidc/oidc/callback{back.Query}&client_nonce=n")).Status);
        Assert.Equal("", (await PostAsync("auth/oidc/oidc/auth_url", """{"redirect_uri":"http://evil.example/"}""")).Body["data"]!["auth_url"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_token_dies_of_age_unless_it_is_renewed()
    {
        var token = _vault.TokenFor("default", ttl: "60s");
        _clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("auth/token/renew-self", "{}", token)).Status);
        _clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("auth/token/lookup-self", token)).Status);
        _clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("auth/token/lookup-self", token)).Status);
    }

    [Fact]
    public async Task A_client_certificate_gives_a_token()
    {
        await using var vault = await VaultDouble.StartAsync(new VaultDoubleOptions(Certificate: new DoubleCertificate()));
        var pem = JsonValue.Create(vault.Certificate!.AuthorityPem).ToJsonString();
        vault.AsRoot("POST", "sys/auth/cert", """{"type":"cert"}""");
        vault.AsRoot("POST", "auth/cert/certs/me", $$"""{"certificate":{{pem}},"token_policies":"app"}""");
        var (certificate, key) = vault.Certificate.ForClient("me");
        using var shown = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(certificate, key);

        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var nobody = new HttpClient(handler);
        using var without = await nobody.PostAsync($"{vault.Address}/v1/auth/cert/login", null, TestContext.Current.CancellationToken);
        using var somebody = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        somebody.ClientCertificates.Add(shown);
        using var me = new HttpClient(somebody);
        using var with = await me.PostAsync($"{vault.Address}/v1/auth/cert/login", null, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (without.StatusCode, with.StatusCode));
    }

    private async Task<(HttpStatusCode Status, string Error)> RefusedAsync(string path, string body)
    {
        var (status, answer) = await PostAsync(path, body);
        return (status, answer["errors"]![0]!.GetValue<string>());
    }

    private Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, string body, string? token = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/v1/{path}") { Content = new StringContent(body, Encoding.UTF8, "application/json") }, token);

    private Task<(HttpStatusCode Status, JsonNode Body)> GetAsync(string path, string? token = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/v1/{path}"), token);

    private async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(HttpRequestMessage request, string? token)
    {
        using (request)
        {
            if (token is not null)
                request.Headers.Add("X-Vault-Token", token);
            using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
        }
    }
}
