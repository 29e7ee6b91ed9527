using System.Buffers;
using System.Text;

namespace Opx.Protocol.Tests;

/// <summary>Logins carry credentials: their bodies are read as strictly as any, and what is in them becomes bytes that can be wiped.</summary>
public sealed class LoginRequestTests
{
    [Fact]
    public void What_our_client_writes_the_daemon_reads()
    {
        var request = new LoginRequest(
            "bao", LoginMethods.AppRole, new Dictionary<string, byte[]> { ["secret_id"] = "s\"\\ü😀\n"u8.ToArray() }, new Dictionary<string, string> { ["role_id"] = "op://v/i/f" })
        {
            Mount = "my/approle",
            Role = "r",
            Address = "https://v",
            Namespace = "team/a",
        };

        using var parsed = Parse(Encoding.UTF8.GetString(ProtocolJson.Bytes(request.Write))).Value!;

        Assert.Equal(("bao", "approle", "my/approle", "r", "https://v", "team/a"), (parsed.Backend, parsed.Method, parsed.Mount, parsed.Role, parsed.Address, parsed.Namespace));
        Assert.Equal("s\"\\ü😀\n", Encoding.UTF8.GetString(parsed.Fields["secret_id"]));
        Assert.Equal("op://v/i/f", parsed.Refs["role_id"]);
        Assert.DoesNotContain("😀", parsed.ToString());
    }

    [Fact]
    public void Behind_a_credential_come_two_tls_records_of_nothing()
    {
        var typed = new LoginRequest("vault", "token", new Dictionary<string, byte[]> { ["token"] = "hvs.x"u8.ToArray() }, new Dictionary<string, string>());
        var referenced = typed with { Fields = new Dictionary<string, byte[]>(), Refs = new Dictionary<string, string> { ["token"] = "op://v/i/f" } };

        var body = Encoding.UTF8.GetString(ProtocolJson.Bytes(typed.Write));
        Assert.InRange(body.Length - body.IndexOf("hvs.x", StringComparison.Ordinal), 2 * 16_384, 100_000);
        using var parsed = Parse(body).Value;
        Assert.NotNull(parsed);
        Assert.InRange(ProtocolJson.Bytes(referenced.Write).Length, 1, 200);
    }

    [Fact]
    public void Credentials_are_wiped_with_the_request()
    {
        var parsed = Parse("""{"backend":"vault","method":"token","fields":{"token":"hvs.x"}}""").Value!;
        var bytes = parsed.Fields["token"];

        parsed.Dispose();

        Assert.All(bytes, each => Assert.Equal(0, each));
    }

    [Theory]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"x"}}""")]
    [InlineData("""{"backend":"vault","method":"token","refs":{"token":"op://v/i/f"}}""")]
    [InlineData("""{"backend":"vault","method":"userpass","fields":{"username":"u"},"refs":{"password":"op://v/i/f"}}""")]
    [InlineData("""{"backend":"vault","method":"approle","fields":{"role_id":"r"}}""")]
    [InlineData("""{"backend":"vault","method":"approle","fields":{"role_id":"r","wrapped_secret_id":"w"}}""")]
    [InlineData("""{"backend":"vault","method":"kubernetes","role":"r"}""")]
    [InlineData("""{"backend":"vault","method":"kubernetes","role":"r","fields":{"jwt":"j"}}""")]
    [InlineData("""{"backend":"vault","method":"cert"}""")]
    [InlineData("""{"backend":"vault","method":"oidc","fields":{"state":"s","code":"c"}}""")]
    public void Each_method_takes_what_it_needs(string body)
    {
        using var parsed = Parse(body).Value;
        Assert.NotNull(parsed);
    }

    [Theory]
    [InlineData("""{"method":"token","fields":{"token":"canary"}}""", "'backend' is missing")]
    [InlineData("""{"backend":"opcli","method":"token","fields":{"token":"canary"}}""", "'backend' must be")]
    [InlineData("""{"backend":"vault","fields":{"token":"canary"}}""", "'method' is missing")]
    [InlineData("""{"backend":"vault","method":"ldap","fields":{"token":"canary"}}""", "'method' must be one of")]
    [InlineData("""{"backend":"vault","method":"token"}""", "needs 'token'")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"password":"canary"}}""", "takes no 'password'")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"canary"},"refs":{"token":"op://v/i/f"}}""", "give it once")]
    [InlineData("""{"backend":"vault","method":"approle","fields":{"role_id":"canary","secret_id":"canary","wrapped_secret_id":"canary"}}""", "not both")]
    [InlineData("""{"backend":"vault","method":"oidc","refs":{"state":"op://v/i/f","code":"op://v/i/f"}}""", "takes no references")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":""}}""", "must not be empty")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":1}}""", "must be a string")]
    [InlineData("""{"backend":"vault","method":"token","fields":["canary"]}""", "must be an object")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"canary","token":"canary"}}""", "appears twice")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"canary"},"fields":{"token":"canary"}}""", "appears twice")]
    [InlineData("""{"backend":"vault","method":"token","refs":{"token":"a","token":"b"}}""", "appears twice")]
    [InlineData("""{"backend":"vault","method":"token","refs":{"a\nb":1}}""", "'a\\u{a}b' must be a string")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"canary"},"password":"canary"}""", "unknown member")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"canary"},"padding":1}""", "must be a string")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"canary"},"padding":"","padding":""}""", "appears twice")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"canary"},"mount":"a\nb"}""", "control character")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"canary"},"namespace":""}""", "must not be empty")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"canary \ud800"}}""", "not valid Unicode")]
    [InlineData("""{"backend":"vault","method":"token","fields":{"token":"canary"}""", "not valid JSON")]
    public void Anything_else_is_a_bad_request_that_repeats_no_credential(string body, string expected)
    {
        var (value, problem) = Parse(body);

        Assert.Null(value);
        Assert.Equal(ErrorCode.BadRequest, problem!.Code);
        Assert.Contains(expected, problem.Detail);
        Assert.DoesNotContain("canary", problem.Detail);
    }

    [Fact]
    public void A_credential_has_a_most()
    {
        Assert.NotNull(Parse(With(Limits.CredentialBytes)).Value);
        Assert.Null(Parse(With(Limits.CredentialBytes + 1)).Value);

        static string With(int length) => "{\"backend\":\"vault\",\"method\":\"token\",\"fields\":{\"token\":\"" + new string('x', length) + "\"}}";
    }

    [Fact]
    public void A_login_in_a_browser_is_read_as_strictly()
    {
        var request = new OidcLoginRequest("vault", "http://localhost:8250/oidc/callback") { Role = "r" };

        Assert.Equal(request, OidcLoginRequest.Parse(Sequence(Encoding.UTF8.GetString(ProtocolJson.Bytes(request.Write)))).Value);
        Assert.Null(OidcLoginRequest.Parse(Sequence("""{"backend":"vault"}""")).Value);
        Assert.Null(OidcLoginRequest.Parse(Sequence("""{"backend":"vault","redirect_uri":"x","method":"oidc"}""")).Value);
    }

    [Theory]
    [InlineData("""{"backend":"vault"}""", true)]
    [InlineData("""{"backend":"bao"}""", true)]
    [InlineData("""{"backend":"opcli"}""", false)]
    [InlineData("{}", false)]
    [InlineData("", false)]
    [InlineData("""{"backend":"vault","all":true}""", false)]
    [InlineData("""{"backend":"vault","backend":"bao"}""", false)]
    public void A_logout_names_one_backend(string body, bool isGood) => Assert.Equal(isGood, LogoutRequest.Parse(Sequence(body)).Value is not null);

    [Fact]
    public void What_the_daemon_answers_our_client_reads()
    {
        var login = new LoginResponse("userpass", 60, Renewable: true);

        Assert.Equal(login, LoginResponse.Parse(ProtocolJson.Bytes(login.Write)));
        Assert.Equal(login with { ExpiresInSeconds = null }, LoginResponse.Parse(ProtocolJson.Bytes((login with { ExpiresInSeconds = null }).Write)));
        Assert.Equal(new LogoutResponse(true), LogoutResponse.Parse(ProtocolJson.Bytes(new LogoutResponse(true).Write)));
        Assert.Equal(new OidcLoginResponse("https://x/?a=b&c"), OidcLoginResponse.Parse(ProtocolJson.Bytes(new OidcLoginResponse("https://x/?a=b&c").Write)));
    }

    private static Parsed<LoginRequest> Parse(string body) => LoginRequest.Parse(Sequence(body));

    private static ReadOnlySequence<byte> Sequence(string text) => new(Encoding.UTF8.GetBytes(text));
}
