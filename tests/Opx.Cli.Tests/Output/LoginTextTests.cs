using System.Text.Json;
using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Tests.Output;

public sealed class LoginTextTests
{
    [Fact]
    public void A_login_is_shown_without_a_secret_and_with_its_remaining_life()
    {
        var status = Status("""
            {"backends":[
              {"name":"op"},
              {"name":"vault","address":"https://vault:8200","namespace":"team","login":{"method":"approle","from":"references","state":"signed_in","expires_in_seconds":3550,"renewable":true}},
              {"name":"bao","login":{"state":"failing","method":"token","from":"token_file","detail":"the token is not valid"}}]}
            """);

        Assert.Equal(
            """
            vault signed in by approle (references), 59m 10s left, renewable; https://vault:8200, namespace team
            bao   NOT SIGNED IN by token (token file): the token is not valid

            """,
            LoginText.Of(status));
        Assert.Equal(
            """
            [{"name":"vault","address":"https://vault:8200","namespace":"team","login":{"method":"approle","from":"references","state":"signed_in","expires_in_seconds":3550,"renewable":true}},{"name":"bao","login":{"state":"failing","method":"token","from":"token_file","detail":"the token is not valid"}}]

            """,
            LoginText.Json(status));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"backends":[{"name":"op"}]}""")]
    public void Without_a_login_that_is_said(string json) => Assert.Equal("no backend that opx signs in to is in use\n", LoginText.Of(Status(json)));

    [Fact]
    public void The_status_has_it_below_its_backend()
    {
        var text = StatusText.Of(Status("""
            {"backends":[{"name":"vault","state":"ready","address":"https://vault:8200","login":{"method":"token","from":"typed","state":"signed_in"}}]}
            """));

        Assert.EndsWith("for 0 references\n            https://vault:8200\n            signed in by token (typed)\n", text);
    }

    [Fact]
    public void After_a_login_its_life_is_said() => Assert.Equal(
        "signed in to vault by userpass for 1h 0m, renewed by itself", LoginText.Done("vault", new LoginResponse("userpass", 3600, true)));

    private static JsonElement Status(string json) => JsonDocument.Parse(json).RootElement;
}
