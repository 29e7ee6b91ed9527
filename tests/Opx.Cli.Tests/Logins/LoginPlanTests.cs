using Opx.Cli.Logins;
using Opx.Cli.Output;

namespace Opx.Cli.Tests.Logins;

public sealed class LoginPlanTests
{
    [Theory]
    [InlineData("", "token")]
    [InlineData("token", "token")]
    [InlineData("username password", "userpass")]
    [InlineData("role_id", "approle")]
    [InlineData("role_id secret_id", "approle")]
    [InlineData("role_id wrapped_secret_id", "approle")]
    [InlineData("jwt", "jwt")]
    public void The_method_follows_from_the_references(string given, string method) => Assert.Equal(method, LoginPlan.Of("vault", null, Refs(given)).Method);

    [Fact]
    public void Only_the_option_tells_kubernetes_from_jwt() => Assert.Equal("kubernetes", LoginPlan.Of("vault", "kubernetes", Refs("jwt")).Method);

    [Theory]
    [InlineData("userpass", "username", "--password-ref")]
    [InlineData(null, "password", "--username-ref")]
    [InlineData(null, "secret_id", "--role-id-ref")]
    [InlineData("userpass", "token", "--token-ref")]
    [InlineData("oidc", "token", "--token-ref")]
    [InlineData(null, "role_id secret_id wrapped_secret_id", "exclude")]
    [InlineData("ldap", "", "--method")]
    public void What_does_not_go_together_is_a_usage_error_that_names_it(string? method, string given, string named) =>
        Assert.Contains(named, Assert.Throws<UsageException>(() => LoginPlan.Of("vault", method, Refs(given))).Message);

    [Fact]
    public void A_password_in_place_of_a_reference_is_refused_and_not_repeated()
    {
        var refs = new Dictionary<string, string> { ["token"] = "hvs.secret-itself" };

        var message = Assert.Throws<UsageException>(() => LoginPlan.Of("vault", null, refs)).Message;

        Assert.Contains("--token-ref wants a reference", message);
        Assert.DoesNotContain("hvs.", message);
    }

    [Theory]
    [InlineData("token", "token")]
    [InlineData("userpass", "username password")]
    [InlineData("approle", "role_id secret_id")]
    [InlineData("jwt", "jwt")]
    [InlineData("kubernetes", "")]
    [InlineData("cert", "")]
    [InlineData("oidc", "")]
    public void Without_references_what_the_method_needs_is_typed(string method, string typed) =>
        Assert.Equal(typed, string.Join(' ', LoginPlan.Of("vault", method, Refs("")).Typed));

    [Theory]
    [InlineData("token", "token", true)]
    [InlineData("cert", "", true)]
    [InlineData("kubernetes", "", true)]
    [InlineData("token", "", false)]
    [InlineData("oidc", "", false)]
    public void Only_what_needs_nobody_is_written_down(string method, string given, bool isRepeatable) =>
        Assert.Equal(isRepeatable, LoginPlan.Of("vault", method, Refs(given)).IsRepeatable);

    private static Dictionary<string, string> Refs(string names) =>
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(name => name, name => $"op://Vault/login/{name}");
}
