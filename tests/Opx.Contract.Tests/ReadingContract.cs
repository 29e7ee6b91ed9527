using System.Text;
using System.Text.Json.Nodes;

namespace Opx.Contract.Tests;

/// <summary>Reads through the real daemon, of what was written through the server's own API.</summary>
public abstract class ReadingContract(string backend) : ContractTests(backend)
{
    [Fact]
    public async Task Versioned_secrets_are_read_by_key_whole_and_by_version()
    {
        var kv = await Server.MountKvAsync(2);
        await WriteAsync(kv, "app", new JsonObject { ["k"] = "one" });
        await WriteAsync(kv, "app", JsonNode.Parse("""{"k":"t w\u00f6<&>\n","n":1.50,"list":[1,"two",null],"yes":true}""")!.AsObject());
        await using var daemon = await ContractDaemon.StartAsync(Server, await ReaderAsync(kv));

        Assert.Equal("t wö<&>\n", await daemon.ReadAsync($"{kv}/app#k"));
        Assert.Equal("t wö<&>\n", await daemon.ReadAsync($"{kv}/data/app#k"));
        Assert.Equal("1.50", await daemon.ReadAsync($"{kv}/app#n"));
        Assert.Equal("""[1,"two",null]""", await daemon.ReadAsync($"{kv}/app#list"));
        Assert.Equal("one", await daemon.ReadAsync($"{kv}/app?version=1#k"));
        Assert.Equal("""{"k":"one"}""", await daemon.ReadAsync($"{kv}/app?version=1"));
        Assert.Equal("[not_found]", await daemon.ReadAsync($"{kv}/app#none"));
        Assert.Equal("[not_found]", await daemon.ReadAsync($"{kv}/none#k"));
    }

    [Fact]
    public async Task Deleted_and_destroyed_versions_are_not_found_and_say_so()
    {
        var kv = await Server.MountKvAsync(2);
        await WriteAsync(kv, "app", new JsonObject { ["k"] = "one" });
        await WriteAsync(kv, "app", new JsonObject { ["k"] = "two" });
        await Server.AsRootAsync("POST", $"{kv}/destroy/app", new JsonObject { ["versions"] = new JsonArray(1) });
        await Server.AsRootAsync("DELETE", $"{kv}/data/app");
        await using var daemon = await ContractDaemon.StartAsync(Server, await ReaderAsync(kv));

        Assert.Equal("[not_found]", await daemon.ReadAsync($"{kv}/app#k"));
        Assert.Contains("deleted", await daemon.DetailAsync($"{kv}/app#k"));
        Assert.Contains("destroyed", await daemon.DetailAsync($"{kv}/app?version=1#k"));
    }

    [Fact]
    public async Task Unversioned_secrets_are_read_where_they_are()
    {
        var kv = await Server.MountKvAsync(1);
        await Server.AsRootAsync("POST", $"{kv}/deep/app", new JsonObject { ["k"] = "v", ["data"] = "mine" });
        await using var daemon = await ContractDaemon.StartAsync(Server, await ReaderAsync(kv));

        Assert.Equal(["v", "mine", "[not_found]"], await daemon.ReadAllAsync($"{kv}/deep/app#k", $"{kv}/deep/app#data", $"{kv}/none#k"));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("ü/ö")]
    [InlineData("plus+and=eq")]
    [InlineData("co:lon'quote")]
    public async Task Odd_paths_are_read(string path)
    {
        var kv = await Server.MountKvAsync(2);
        await WriteAsync(kv, string.Join('/', path.Split('/').Select(Uri.EscapeDataString)), new JsonObject { ["a k"] = "v" });
        await using var daemon = await ContractDaemon.StartAsync(Server, await ReaderAsync(kv));

        Assert.Equal("v", await daemon.ReadAsync($"{kv}/{path}#a k"));
    }

    [Fact]
    public async Task What_the_tokens_policy_does_not_allow_is_denied()
    {
        var kv = await Server.MountKvAsync(2);
        await WriteAsync(kv, "open", new JsonObject { ["k"] = "v" });
        await WriteAsync(kv, "closed", new JsonObject { ["k"] = "v" });
        var policy = await Server.PolicyAsync(($"{kv}/data/open", "read"));
        await using var daemon = await ContractDaemon.StartAsync(Server, await Server.TokenAsync(policy));

        Assert.Equal(["v", "[access_denied]"], await daemon.ReadAllAsync($"{kv}/open#k", $"{kv}/closed#k"));
    }

    [Fact]
    public async Task A_token_that_is_none_asks_for_a_login()
    {
        await using var daemon = await ContractDaemon.StartAsync(Server, "hvs.nobody-made-this-one");

        Assert.Equal("[sign_in_required]", await daemon.ReadAsync("secret/app#k"));
    }

    [Fact]
    public async Task An_answer_that_is_not_json_is_the_value()
    {
        var pki = $"{Server.Name}-pki";
        await Server.AsRootAsync("POST", $"sys/mounts/{pki}", new JsonObject { ["type"] = "pki" });
        await Server.AsRootAsync("POST", $"{pki}/root/generate/internal", new JsonObject { ["common_name"] = "opx.example", ["ttl"] = "1h" });
        await using var daemon = await ContractDaemon.StartAsync(Server, await ReaderAsync(pki));

        Assert.Equal(Encoding.Latin1.GetString(await Server.BytesAsync($"{pki}/ca/pem")), await daemon.ReadAsync($"{pki}/ca/pem"));
        Assert.Equal(Encoding.Latin1.GetString(await Server.BytesAsync($"{pki}/ca")), await daemon.ReadAsync($"{pki}/ca"));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", await daemon.ReadAsync($"{pki}/ca_chain"));
    }

    [Fact]
    public async Task Namespaces_are_read_apart()
    {
        var (status, _) = await Server.TryAsRootAsync("POST", $"sys/namespaces/{Server.Name}");
        Assert.SkipWhen(status >= 400, "this server has no namespaces: Vault has them in its Enterprise edition, OpenBao since 2.3");
        await Server.AsRootAsync("POST", $"{Server.Name}/sys/mounts/kv", new JsonObject { ["type"] = "kv", ["options"] = new JsonObject { ["version"] = "1" } });
        await Server.AsRootAsync("POST", $"{Server.Name}/kv/app", new JsonObject { ["k"] = "inside" });
        await Server.AsRootAsync("POST", $"{Server.Name}/sys/policies/acl/reader", new JsonObject { ["policy"] = "path \"kv/*\" { capabilities = [\"read\"] }" });
        var made = await Server.AsRootAsync("POST", $"{Server.Name}/auth/token/create", new JsonObject { ["policies"] = new JsonArray("reader") });
        await using var daemon = await ContractDaemon.StartAsync(Server, made!["auth"]!["client_token"]!.GetValue<string>(), space: Server.Name);

        Assert.Equal("inside", await daemon.ReadAsync("kv/app#k"));
    }

    [Fact]
    public async Task Leased_secrets_are_read_and_given_back()
    {
        Assert.SkipUnless(Server.IsDouble, "leases come from a database or a cloud, which a server from a binary does not have");
        await Server.AsRootAsync("POST", "sys/mounts/database", new JsonObject { ["type"] = "database" });
        await Server.AsRootAsync("POST", "database/roles/app", new JsonObject { ["db_name"] = "x", ["default_ttl"] = "1h" });
        var policy = await Server.PolicyAsync(("database/creds/app", "read"), ("sys/leases/revoke", "update"));
        await using var daemon = await ContractDaemon.StartAsync(Server, await Server.TokenAsync(policy));

        var both = await daemon.ReadAllAsync("database/creds/app#username", "database/creds/app#password");
        Assert.All(both, value => Assert.DoesNotContain('[', value));
    }

    private Task<JsonNode?> WriteAsync(string mount, string path, JsonObject data) => Server.AsRootAsync("POST", $"{mount}/data/{path}", new JsonObject { ["data"] = data });

    private async Task<string> ReaderAsync(string mount) => await Server.TokenAsync(await Server.PolicyAsync(($"{mount}/*", "read")));
}
