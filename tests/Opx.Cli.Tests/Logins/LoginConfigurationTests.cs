using System.Text;
using System.Text.Json;
using Opx.Cli.Logins;

namespace Opx.Cli.Tests.Logins;

public sealed class LoginConfigurationTests
{
    private static readonly LoginTarget Nowhere = new(null, null, null, null);

    [Fact]
    public void A_new_file_holds_the_references_and_nothing_else() => Assert.Equal(
        """
        {
          "vault": {
            "address": "https://vault.example:8200",
            "namespace": "team/a",
            "auth": {
              "method": "userpass",
              "mount": "people",
              "username_ref": "op://Work/vault/username",
              "password_ref": "op://Work/vault/password"
            }
          }
        }

        """,
        With("", UserPass("vault"), new LoginTarget("https://vault.example:8200", "team/a", "people", null)));

    [Fact]
    public void Everything_else_stays_byte_for_byte()
    {
        const string before = """
            {"backend" : "multi",
              "bao": {"address":"https://bao"},
                "vault": { "ca_cert": "/etc/ca.pem", "auth": {"method":"token","token_ref":"op://a/b/c"}, "namespace":"old" },
              "ttl": "120s" }
            """;

        Assert.Equal(
            """
            {"backend" : "multi",
              "bao": {"address":"https://bao"},
                "vault": { "ca_cert": "/etc/ca.pem", "auth": {
                  "method": "userpass",
                  "username_ref": "op://Work/vault/username",
                  "password_ref": "op://Work/vault/password"
                }, "namespace":"old" },
              "ttl": "120s" }
            """,
            With(before, UserPass("vault"), Nowhere));
    }

    [Fact]
    public void The_files_of_a_certificate_are_gone_on_with()
    {
        var after = With("""{"vault":{"auth":{"method":"cert","client_cert":"/c.pem","client_key":"/k.pem","role":"old"}}}""", Plan("vault", "cert"), Nowhere);

        using var document = JsonDocument.Parse(after);
        var auth = document.RootElement.GetProperty("vault").GetProperty("auth");
        Assert.Equal(("cert", "/c.pem", "/k.pem"), (Text(auth, "method"), Text(auth, "client_cert"), Text(auth, "client_key")));
        Assert.False(auth.TryGetProperty("role", out _));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"vault\":[]}")]
    [InlineData("{\"vault\":{}")]
    public void A_file_that_is_something_else_is_not_touched(string content) =>
        Assert.ThrowsAny<JsonException>(() => With(content, UserPass("vault"), Nowhere));

    [Fact]
    public void Odd_letters_survive_as_json_text()
    {
        using var document = JsonDocument.Parse(With("{}", new LoginPlan("bao", "token", new Dictionary<string, string> { ["token"] = "op://a/\"ü\\/c" }, []), Nowhere));

        Assert.Equal("op://a/\"ü\\/c", Text(document.RootElement.GetProperty("bao").GetProperty("auth"), "token_ref"));
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    private static string With(string before, LoginPlan plan, LoginTarget target) =>
        Encoding.UTF8.GetString(LoginConfiguration.With(Encoding.UTF8.GetBytes(before), plan, target));

    private static LoginPlan UserPass(string backend) => Plan(backend, "userpass", "username", "password");

    private static LoginPlan Plan(string backend, string method, params string[] names) =>
        new(backend, method, names.ToDictionary(name => name, name => $"op://Work/vault/{name}"), []);
}
