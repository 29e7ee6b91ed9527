using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Opx.TestKit.Vault.Methods;

namespace Opx.Contract.Tests;

/// <summary>Logins through the real daemon: what each method needs is made through the server's own API.</summary>
public abstract class LoginContract(string backend) : ContractTests(backend)
{
    private string _kv = "";
    private string _policy = "";

    [Fact]
    public async Task A_typed_password_signs_in_and_a_wrong_one_leaves_what_worked()
    {
        await PrepareAsync();
        var mount = await Server.EnableAsync("userpass");
        await Server.AsRootAsync("POST", $"auth/{mount}/users/me", new JsonObject { ["password"] = "r\"ight ü", ["token_policies"] = _policy, ["token_ttl"] = "10m" });
        await using var daemon = await ContractDaemon.StartAsync(Server);

        Assert.Equal("[sign_in_required]", await ReadAsync(daemon));
        Assert.Equal("signed_in", await daemon.LoginAsync("userpass", mount, UserPass("me", "r\"ight ü")));
        Assert.Equal("v", await ReadAsync(daemon));
        Assert.Equal("[sign_in_required]", await daemon.LoginAsync("userpass", mount, UserPass("me", "wrong")));
        Assert.Equal("[sign_in_required]", await daemon.LoginAsync("userpass", mount, UserPass("nobody", "wrong")));
        Assert.Equal("v", await ReadAsync(daemon));

        var status = await daemon.LoginStatusAsync();
        Assert.Equal(("userpass", "typed", "signed_in"), (Text(status, "method"), Text(status, "from"), Text(status, "state")));
        Assert.InRange(status["expires_in_seconds"]!.GetValue<long>(), 1, 600);
    }

    [Fact]
    public async Task A_password_by_references_is_read_when_it_is_needed()
    {
        await PrepareAsync();
        var mount = await Server.EnableAsync("userpass");
        await Server.AsRootAsync("POST", $"auth/{mount}/users/me", new JsonObject { ["password"] = "right", ["token_policies"] = _policy });
        await using var daemon = await ContractDaemon.StartAsync(Server);
        daemon.Own["op://v/i/username"] = "me";
        daemon.Own["op://v/i/password"] = "right";

        var refs = new JsonObject { ["username"] = "op://v/i/username", ["password"] = "op://v/i/password" };
        Assert.Equal("signed_in", await daemon.LoginAsync("userpass", mount, refs: refs));
        Assert.Equal("v", await ReadAsync(daemon));
        Assert.Equal("references", Text(await daemon.LoginStatusAsync(), "from"));
    }

    [Fact]
    public async Task A_role_signs_in_with_a_secret_id_and_with_a_wrapped_one_once()
    {
        await PrepareAsync();
        var mount = await Server.EnableAsync("approle");
        await Server.AsRootAsync("POST", $"auth/{mount}/role/ci", new JsonObject { ["token_policies"] = _policy });
        var role = Text((await Server.AsRootAsync("GET", $"auth/{mount}/role/ci/role-id"))!["data"]!, "role_id");
        var secret = Text((await Server.AsRootAsync("POST", $"auth/{mount}/role/ci/secret-id", []))!["data"]!, "secret_id");
        var wrapped = Text((await Server.AsRootAsync("POST", $"auth/{mount}/role/ci/secret-id", [], wrapTtl: "120s"))!["wrap_info"]!, "token");
        await using var daemon = await ContractDaemon.StartAsync(Server);

        Assert.Equal("signed_in", await daemon.LoginAsync("approle", mount, new JsonObject { ["role_id"] = role, ["secret_id"] = secret }));
        Assert.Equal("v", await ReadAsync(daemon));
        Assert.Equal("signed_in", await daemon.LoginAsync("approle", mount, new JsonObject { ["role_id"] = role, ["wrapped_secret_id"] = wrapped }));
        Assert.Equal("v", await ReadAsync(daemon));
        Assert.Equal("[sign_in_required]", await daemon.LoginAsync("approle", mount, new JsonObject { ["role_id"] = role, ["wrapped_secret_id"] = wrapped }));
        Assert.Equal("[sign_in_required]", await daemon.LoginAsync("approle", mount, new JsonObject { ["role_id"] = role, ["secret_id"] = "wrong" }));
        Assert.Equal("v", await ReadAsync(daemon));
    }

    [Fact]
    public async Task A_signed_token_signs_in()
    {
        await PrepareAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var mount = await Server.EnableAsync("jwt");
        await Server.AsRootAsync("POST", $"auth/{mount}/config", new JsonObject { ["jwt_validation_pubkeys"] = new JsonArray(key.ExportSubjectPublicKeyInfoPem()) });
        await Server.AsRootAsync("POST", $"auth/{mount}/role/ci", new JsonObject
        {
            ["role_type"] = "jwt",
            ["user_claim"] = "sub",
            ["bound_audiences"] = new JsonArray("opx"),
            ["token_policies"] = new JsonArray(_policy),
        });
        await using var daemon = await ContractDaemon.StartAsync(Server);

        Assert.Equal("signed_in", await daemon.LoginAsync("jwt", mount, new JsonObject { ["jwt"] = Jwt(key, "opx") }, role: "ci"));
        Assert.Equal("v", await ReadAsync(daemon));
        Assert.Equal("[sign_in_required]", await daemon.LoginAsync("jwt", mount, new JsonObject { ["jwt"] = Jwt(key, "other") }, role: "ci"));
    }

    [Fact]
    public async Task A_token_is_looked_at_before_it_is_taken_and_revoked_by_a_logout()
    {
        await PrepareAsync();
        var token = await Server.TokenAsync(_policy);
        await using var daemon = await ContractDaemon.StartAsync(Server);

        Assert.Equal("[sign_in_required]", await daemon.LoginAsync("token", null, new JsonObject { ["token"] = "hvs.nobody-made-this-one" }));
        Assert.Equal("signed_in", await daemon.LoginAsync("token", null, new JsonObject { ["token"] = token }));
        Assert.Equal("v", await ReadAsync(daemon));
        Assert.True(await Server.IsAliveAsync(token));
        Assert.True(await daemon.LogoutAsync());
        Assert.False(await Server.IsAliveAsync(token));
        Assert.Equal("[sign_in_required]", await ReadAsync(daemon));
    }

    [Fact]
    public async Task A_login_by_references_is_repeated_when_its_token_is_revoked()
    {
        await PrepareAsync();
        var mount = await Server.EnableAsync("userpass");
        await Server.AsRootAsync("POST", $"auth/{mount}/users/me", new JsonObject { ["password"] = "right", ["token_policies"] = _policy });
        await using var daemon = await ContractDaemon.StartAsync(Server);
        daemon.Own["op://v/i/username"] = "me";
        daemon.Own["op://v/i/password"] = "right";
        await daemon.LoginAsync("userpass", mount, refs: new JsonObject { ["username"] = "op://v/i/username", ["password"] = "op://v/i/password" });
        Assert.Equal("v", await ReadAsync(daemon));

        // Whatever was handed out by this mount is revoked at once.
        await Server.AsRootAsync("POST", $"sys/leases/revoke-prefix/auth/{mount}?sync=true", []);
        Assert.Equal("v", await ReadAsync(daemon));
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    private static JsonObject UserPass(string name, string password) => new() { ["username"] = name, ["password"] = password };

    private static string Jwt(ECDsa key, string audience) => SignedToken.Make(key, new JsonObject
    {
        ["sub"] = "me",
        ["aud"] = audience,
        ["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        ["exp"] = TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
    });

    private Task<string> ReadAsync(ContractDaemon daemon) => daemon.ReadAsync($"{_kv}/app#k");

    private async Task PrepareAsync()
    {
        _kv = await Server.MountKvAsync(1);
        await Server.AsRootAsync("POST", $"{_kv}/app", new JsonObject { ["k"] = "v" });
        _policy = await Server.PolicyAsync(($"{_kv}/*", "read"));
    }
}
