using System.Text;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Options;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

public sealed class VaultSettingsTests
{
    [Theory]
    [InlineData("https://vault.example:8200", "https://vault.example:8200")]
    [InlineData("https://vault.example:8200/", "https://vault.example:8200")]
    [InlineData("https://vault.example/behind/proxy/", "https://vault.example/behind/proxy")]
    [InlineData("HTTPS://Vault.Example", "https://vault.example")]
    [InlineData("http://127.0.0.1:8200", "http://127.0.0.1:8200")]
    [InlineData("http://127.3.2.1:8200", "http://127.3.2.1:8200")]
    [InlineData("http://[::1]:8200", "http://[::1]:8200")]
    [InlineData("http://localhost:8200", "http://localhost:8200")]
    public void An_address_is_https_or_this_machine(string text, string expected) => Assert.Equal(expected, VaultAddress.Parse(text, out _)!.Text);

    [Theory]
    [InlineData("http://vault.example:8200", "plain http")]
    [InlineData("http://10.0.0.1", "plain http")]
    [InlineData("http://127.0.0.1.example", "plain http")]
    [InlineData("http://localhost.example", "plain http")]
    [InlineData("http://0.0.0.0:8200", "plain http")]
    [InlineData("https://user:secret@vault.example", "user's name")]
    [InlineData("https://vault.example/?x=1", "after its path")]
    [InlineData("https://vault.example/#x", "after its path")]
    [InlineData("unix:///run/vault.sock", "is none")]
    [InlineData("vault.example:8200", "is none")]
    [InlineData("https://", "is none")]
    [InlineData("/v1", "is none")]
    [InlineData("", "is none")]
    [InlineData("http://a\u0080b", "is none")]
    public void Any_other_address_is_refused_with_the_reason(string text, string why)
    {
        Assert.Null(VaultAddress.Parse(text, out var fault));
        Assert.Contains(why, fault);
        Assert.DoesNotContain("secret", fault);
    }

    [Theory]
    [InlineData("/v1/b", "https://vault.example/v1/b")]
    [InlineData("https://elsewhere.example/v1/b", null)]
    [InlineData("http://vault.example/v1/b", null)]
    [InlineData("https://a\u0080b/v1/b", null)]
    [InlineData("https://user@vault.example/v1/b", null)]
    public void A_redirect_is_followed_to_the_same_server_alone(string location, string? to) =>
        Assert.Equal(to, VaultAddress.Parse("https://vault.example", out _)!.Follow("https://vault.example/v1/a", location));

    [Fact]
    public void The_configuration_comes_before_the_environment()
    {
        var environment = Environment(("VAULT_ADDR", "https://env"), ("VAULT_NAMESPACE", "env"), ("VAULT_CACERT", "/env.pem"), ("VAULT_CAPATH", "/env"));
        var server = new VaultSettings("vault", new VaultOptions { Address = "https://config", Namespace = "/team/a/", CaCert = "/config.pem" }, environment).Server(null, null, out _)!;

        Assert.Equal(("https://config", "team/a", "/config.pem"), (server.Address.Text, server.Namespace, server.Trust.CaPath));

        server = new VaultSettings("vault", new VaultOptions(), environment).Server(null, null, out _)!;
        Assert.Equal(("https://env", "env", "/env.pem"), (server.Address.Text, server.Namespace, server.Trust.CaPath));
    }

    [Fact]
    public void OpenBao_reads_its_own_variables_first_and_then_vaults()
    {
        var environment = Environment(("VAULT_ADDR", "https://vault"), ("BAO_ADDR", "https://bao"), ("VAULT_NAMESPACE", "n"), ("VAULT_TOKEN", "v"), ("BAO_TOKEN", "b"));

        var bao = new VaultSettings("bao", new VaultOptions(), environment);
        Assert.Equal(("https://bao", "n", "b"), (bao.Server(null, null, out _)!.Address.Text, bao.Server(null, null, out _)!.Namespace, Text(bao)));
        Assert.Equal("v", Text(new VaultSettings("vault", new VaultOptions(), environment)));
        environment.Remove("BAO_ADDR");
        Assert.Equal("https://vault", bao.Server(null, null, out _)!.Address.Text);
    }

    [Fact]
    public void Without_an_address_it_is_said_where_to_put_one()
    {
        Assert.Null(new VaultSettings("bao", new VaultOptions(), Environment()).Server(null, null, out var why));
        Assert.Contains("VAULT_ADDR", why);
        Assert.Contains("opx login bao", why);
    }

    [Fact]
    public void No_proxy_is_used_where_the_token_goes_in_the_clear()
    {
        Assert.False(new VaultSettings("vault", new VaultOptions(), Environment()).Server("http://127.0.0.1", null, out _)!.Trust.UsesProxy);
        Assert.True(new VaultSettings("vault", new VaultOptions(), Environment()).Server("https://127.0.0.1", null, out _)!.Trust.UsesProxy);
    }

    [Fact]
    public void A_namespace_that_no_header_takes_is_refused()
    {
        Assert.Null(new VaultSettings("vault", new VaultOptions { Address = "https://v", Namespace = "a\r\nX-Vault-Token: b" }, Environment()).Server(null, null, out var why));
        Assert.Contains("namespace", why);
    }

    [Theory]
    [InlineData("hvs.x\n", "hvs.x")]
    [InlineData(" hvs.x \r\n", "hvs.x")]
    [InlineData("\n", null)]
    [InlineData("", null)]
    public void A_token_file_holds_a_token_and_perhaps_a_newline(string content, string? token)
    {
        using var home = new TemporaryHome();
        home.Write(".vault-token", Encoding.UTF8.GetBytes(content));

        using var found = new VaultSettings("bao", new VaultOptions(), Environment(("HOME", home.Path))).FileToken();

        Assert.Equal(token, found is null ? null : Encoding.UTF8.GetString(found.Bytes));
    }

    [Fact]
    public void A_token_file_that_is_none_counts_as_none()
    {
        using var home = new TemporaryHome();
        home.MakeDirectory(".vault-token");
        Assert.Null(new VaultSettings("vault", new VaultOptions(), Environment(("HOME", home.Path))).FileToken());
        Directory.Delete(home.In(".vault-token"));
        home.Write(".vault-token", new byte[70_000]);
        Assert.Null(new VaultSettings("vault", new VaultOptions(), Environment(("HOME", home.Path))).FileToken());
    }

    [Fact]
    public void Every_member_of_the_configuration_reaches_its_place()
    {
        var options = Apply("""
            {
              "vault": { "address": "https://v", "namespace": "n", "ca_cert": "/ca", "client_cert": "/c", "client_key": "/k",
                         "auth": { "method": "approle", "mount": "m", "role": "r", "role_id_ref": "op://v/i/r", "secret_id_ref": "op://v/i/s" } },
              "bao": { "auth": { "method": "jwt", "jwt_file": "/t", "client_cert": "/c2", "client_key": "/k2" } }
            }
            """);

        Assert.Equal(("https://v", "n", "/ca", "/c", "/k"), (options.Vault.Address, options.Vault.Namespace, options.Vault.CaCert, options.Vault.ClientCert, options.Vault.ClientKey));
        Assert.Equal(("approle", "m", "r", "op://v/i/r", "op://v/i/s"),
            (options.Vault.Auth!.Method, options.Vault.Auth.Mount, options.Vault.Auth.Role, options.Vault.Auth.Refs["role_id"], options.Vault.Auth.Refs["secret_id"]));
        Assert.Equal(("jwt", "/t", "/c2", "/k2"), (options.Bao.Auth!.Method, options.Bao.Auth.JwtFile, options.Bao.ClientCert, options.Bao.ClientKey));
    }

    [Theory]
    [InlineData("""{"vault":{"token":"hvs.x"}}""", "'vault.token' is not known")]
    [InlineData("""{"vault":{"auth":{"method":"token","token":"op://v/i/f"}}}""", "'vault.auth.token' is not known")]
    [InlineData("""{"vault":{"auth":{"method":"token","token_ref":"canary-42"}}}""", "must be a reference")]
    [InlineData("""{"vault":{"auth":{"method":"token","token_ref":"op://"}}}""", "must be a reference")]
    [InlineData("""{"vault":{"auth":{"method":"ldap"}}}""", "'vault.auth.method' must be one of token, userpass")]
    [InlineData("""{"vault":{"auth":{}}}""", "'vault.auth' has no 'method'")]
    [InlineData("""{"vault":{"auth":{"method":"userpass","username_ref":"op://v/i/f"}}}""", "has no 'password_ref'")]
    [InlineData("""{"vault":{"auth":{"method":"token","token_ref":"op://v/i/f","password_ref":"op://v/i/f"}}}""", "has 'password_ref', which a login by token does not take")]
    [InlineData("""{"vault":{"auth":{"method":"oidc","code_ref":"op://v/i/f"}}}""", "'vault.auth.code_ref' is not known")]
    [InlineData("""{"vault":{"auth":{"method":"token","token_ref":"op://v/i/f","jwt_file":"/t"}}}""", "has 'jwt_file'")]
    [InlineData("""{"vault":{"auth":{"method":"approle","role_id_ref":"op://v/i/f","secret_id_ref":"op://v/i/f","wrapped_secret_id_ref":"op://v/i/f"}}}""", "not both")]
    [InlineData("""{"bao":{"ca_cert":"relative.pem"}}""", "'bao.ca_cert' must be an absolute path")]
    [InlineData("""{"bao":{"address":1}}""", "'bao.address' must be a string")]
    public void A_configuration_that_is_not_understood_names_its_place_and_repeats_no_credential(string content, string expected)
    {
        var error = Assert.Throws<OptionsException>(() => Apply(content));

        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain("canary", error.Message);
        Assert.DoesNotContain("hvs.x", error.Message);
    }

    [Theory]
    [InlineData("""{"vault":{"auth":{"method":"kubernetes","role":"r"}}}""")]
    [InlineData("""{"vault":{"auth":{"method":"cert"}}}""")]
    [InlineData("""{"vault":{"auth":{"method":"oidc","role":"r"}}}""")]
    [InlineData("""{"vault":{"auth":{"method":"approle","role_id_ref":"op://v/i/f"}}}""")]
    public void Methods_that_need_no_credential_of_opx_want_none(string content) => Assert.NotNull(Apply(content).Vault.Auth);

    [Fact]
    public async Task A_pipe_in_the_place_of_a_token_file_is_not_waited_for()
    {
        using var home = new TemporaryHome();
        using var make = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(home.Path, ".vault-token")]);
        await make.WaitForExitAsync();
        Assert.Equal(0, make.ExitCode);

        var look = Task.Run(() => new VaultSettings("vault", new VaultOptions(), Environment(("HOME", home.Path))).FileToken());

        Assert.Null(await look.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
    }

    private static string? Text(VaultSettings settings)
    {
        using var token = settings.EnvironmentToken();
        return token is null ? null : Encoding.UTF8.GetString(token.Bytes);
    }

    private static Dictionary<string, string> Environment(params (string Name, string Value)[] variables) => variables.ToDictionary(each => each.Name, each => each.Value);

    private static DaemonOptions Apply(string content) =>
        ConfigurationFile.Apply(Encoding.UTF8.GetBytes(content), "/c/config.json", new DaemonOptions { Paths = new OpxPaths("/c", "/d", "/r", "/r/s", false) });
}
