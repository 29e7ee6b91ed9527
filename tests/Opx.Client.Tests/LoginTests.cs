using System.Text;
using Opx.Protocol;

namespace Opx.Client.Tests;

public sealed class LoginTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly DaemonDouble _daemon;

    public LoginTests() => _daemon = new DaemonDouble(_home);

    public void Dispose()
    {
        _daemon.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void Credentials_go_to_the_daemon_and_stay_with_the_caller_to_be_wiped()
    {
        _daemon.Respond = _ => DaemonDouble.Json("""{"success":true,"state":"signed_in","method":"userpass","expires_in_seconds":60,"renewable":true}""");
        var password = Encoding.UTF8.GetBytes("a\"b\\" + new string('x', 5_000));
        using var client = DaemonClient.Connect(_home.Options);

        using (var request = new LoginRequest("vault", "userpass", new Dictionary<string, byte[]> { ["username"] = "me"u8.ToArray(), ["password"] = password }, NoRefs) { Address = "https://v" })
            Assert.Equal(new LoginResponse("userpass", 60, true), client.Login(request).Value);

        var body = Assert.Single(_daemon.Requests).Split("\r\n\r\n")[1];
        Assert.StartsWith("""{"backend":"vault","method":"userpass","address":"https://v",""", body);
        Assert.Contains(""" "fields":{"username":"me","password":"a\"b\\""".TrimStart() + new string('x', 5_000) + "\"}", body);
        Assert.All(password, octet => Assert.Equal(0, octet));
    }

    [Fact]
    public void A_refused_login_is_a_problem()
    {
        _daemon.Respond = _ => DaemonDouble.Json("""{"code":"sign_in_required","detail":"wrong"}""", 423);
        using var client = DaemonClient.Connect(_home.Options);
        using var request = new LoginRequest("bao", "token", NoFields, new Dictionary<string, string> { ["token"] = "op://a/b/c" });

        Assert.Equal(ErrorCode.SignInRequired, client.Login(request).Problem?.Code);
    }

    [Fact]
    public void A_login_in_a_browser_begins_with_an_address_and_a_logout_says_whether_anything_was_revoked()
    {
        _daemon.Respond = request => request.StartsWith("POST /v1/login/oidc ", StringComparison.Ordinal)
            ? DaemonDouble.Json("""{"auth_url":"https://idp/x"}""")
            : DaemonDouble.Json("""{"success":true,"revoked":true}""");
        using var client = DaemonClient.Connect(_home.Options);

        Assert.Equal("https://idp/x", client.BeginLogin(new OidcLoginRequest("vault", "http://localhost:1/oidc/callback") { Role = "me" }).Value?.AuthUrl);
        Assert.True(client.Logout(new LogoutRequest("vault")).Value?.Revoked);
    }

    private static readonly Dictionary<string, byte[]> NoFields = [];
    private static readonly Dictionary<string, string> NoRefs = [];
}
