using System.Text;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Options;
using Opx.Protocol;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>Logging in and out through the socket; 1Password and the two servers are played, the rest is real.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private const string Good = """{"request_id":"r","data":{"k":"v"}}""";
    private const string Typed = """{"backend":"vault","method":"userpass","fields":{"username":"ada l","password":"canary-pw-881"}}""";
    private const string Referenced = """{"backend":"vault","method":"approle","role":"r","refs":{"role_id":"op://v/i/role","secret_id":"op://v/i/secret"}}""";

    private readonly TemporaryHome _home = new();
    private readonly StubBackend _op = new("opcli");
    private readonly ScriptedVault _vault = Server();
    private readonly ScriptedVault _bao = Server();
    private DaemonUnderTest _daemon = null!;

    public async ValueTask InitializeAsync()
    {
        var clock = new ManualClock();
        _vault.On("auth/userpass/login/ada%20l", asked => asked.Body == """{"password":"canary-pw-881"}""" ? ScriptedVault.Login("typed-token", ttl: 60) : ScriptedVault.Json(400, """{"errors":["invalid username or password"]}"""));
        _vault.On("auth/approle/login", asked => ScriptedVault.Login("approle-token", ttl: 3600, renewable: true));
        _daemon = await DaemonUnderTest.StartAsync(
            home: _home,
            clock: clock,
            options: options => options with { Backend = BackendKind.Multi, EnableAuditLog = true },
            backends: new Dictionary<BackendKind, ISecretBackend>
            {
                [BackendKind.OpCli] = _op,
                [BackendKind.Vault] = new VaultBackend(Settings("vault"), _ => _vault, clock),
                [BackendKind.Bao] = new VaultBackend(Settings("bao"), _ => _bao, clock),
            });
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task A_password_that_was_typed_signs_in_until_a_lock()
    {
        Assert.Equal("sign_in_required", (await ReadAsync())["code"]);

        var answer = await _daemon.PostAsync(Routes.Login, Typed);
        Assert.Equal((200, "True", "signed_in", "userpass", "60", "False"),
            (answer.Status, answer["success"], answer["state"], answer["method"], answer["expires_in_seconds"], answer["renewable"]));
        Assert.Equal("v", (await ReadAsync())["value"]);
        Assert.Equal(("userpass", "typed", "signed_in"), await LoginAsync("vault"));

        var ends = _vault.Ends;
        await _daemon.PostAsync(Routes.SessionLock, "{}");
        Assert.Equal(ends + 1, _vault.Ends);
        Assert.Equal("True", (await _daemon.PostAsync(Routes.SessionUnlock, "{}"))["success"]);
        Assert.Equal("sign_in_required", (await ReadAsync())["code"]);
    }

    [Fact]
    public async Task A_lock_ends_a_login_that_is_under_way_and_waits_until_nothing_of_it_is_left()
    {
        var asked = new TaskCompletionSource();
        _vault.On("auth/userpass/login/ada%20l", async _ =>
        {
            asked.SetResult();
            return await new TaskCompletionSource<VaultAnswer>().Task;
        });
        var login = _daemon.PostAsync(Routes.Login, Typed);
        await asked.Task;

        await _daemon.PostAsync(Routes.SessionLock, "{}");

        var answer = await login;
        Assert.Equal((423, "session_locked"), (answer.Status, answer["code"]));
    }

    [Fact]
    public async Task A_login_while_the_session_is_locked_by_hand_is_refused_without_asking()
    {
        await _daemon.PostAsync(Routes.SessionLock, "{}");

        var answer = await _daemon.PostAsync(Routes.Login, Typed);

        Assert.Equal((423, "session_locked", 0), (answer.Status, answer["code"], _vault.Count("auth/userpass")));
    }

    [Fact]
    public async Task A_token_behind_a_reference_is_not_revoked_by_a_logout()
    {
        _op.Answer = _ => StubBackend.Value("somebodys-own-token");
        Assert.Equal(200, (await _daemon.PostAsync(Routes.Login, """{"backend":"vault","method":"token","refs":{"token":"op://v/i/token"}}""")).Status);

        Assert.Equal("False", (await _daemon.PostAsync(Routes.Logout, """{"backend":"vault"}"""))["revoked"]);

        Assert.Equal(0, _vault.Count("auth/token/revoke-self"));
        Assert.Equal("v", (await ReadAsync())["value"]);
    }

    [Theory]
    [InlineData("../sys")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("..")]
    public async Task A_mount_that_is_another_path_on_the_wire_is_a_bad_request(string mount)
    {
        var answer = await _daemon.PostAsync(Routes.Login, Typed.Replace("\"method\"", $"\"mount\":\"{mount}\",\"method\""));

        Assert.Equal((400, "bad_request"), (answer.Status, answer["code"]));
    }

    [Fact]
    public async Task A_username_that_is_a_step_in_a_path_is_refused_without_asking()
    {
        var answer = await _daemon.PostAsync(Routes.Login, Typed.Replace("ada l", ".."));

        Assert.Equal((423, "sign_in_required", 0), (answer.Status, answer["code"], _vault.Asked.Count));
    }

    [Fact]
    public async Task A_login_by_references_reads_them_and_repeats_itself_after_a_lock()
    {
        _op.Answer = reference => StubBackend.Value(reference.Text == "op://v/i/role" ? "the-role" : "the-secret");

        Assert.Equal(200, (await _daemon.PostAsync(Routes.Login, Referenced)).Status);
        Assert.Equal("""{"role_id":"the-role","secret_id":"the-secret"}""", _vault.Asked.Single(asked => asked.Path == "auth/approle/login").Body);
        Assert.Equal("v", (await ReadAsync())["value"]);

        await _daemon.PostAsync(Routes.SessionLock, "{}");
        await _daemon.PostAsync(Routes.SessionUnlock, "{}");
        Assert.Equal("v", (await ReadAsync())["value"]);
        Assert.Equal((2, ("approle", "references", "signed_in")), (_vault.Count("auth/approle/login"), await LoginAsync("vault")));
    }

    [Fact]
    public async Task A_wrong_password_is_an_error_at_once_and_leaves_the_login_that_worked()
    {
        await _daemon.PostAsync(Routes.Login, Typed);

        var answer = await _daemon.PostAsync(Routes.Login, Typed.Replace("881", "882"));

        Assert.Equal((423, "sign_in_required"), (answer.Status, answer["code"]));
        Assert.Equal("v", (await ReadAsync())["value"]);
        Assert.Equal("typed-token", _vault.Asked[^1].Token);
        Assert.Equal("authenticated", (await _daemon.StatusAsync()).Json.GetProperty("session").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Nothing_that_was_typed_is_in_the_log_or_on_disk()
    {
        await _daemon.PostAsync(Routes.Login, Typed);
        await _daemon.PostAsync(Routes.Login, Typed.Replace("userpass", "usrpass"));
        await _daemon.PostAsync(Routes.Login, Typed.Replace("\"password\"", "\"pass\""));
        await ReadAsync();

        Assert.DoesNotContain("canary-pw-881", _daemon.Log);
        Assert.DoesNotContain("typed-token", _daemon.Log);
        foreach (var file in Directory.EnumerateFiles(_home.Path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("lock", StringComparison.Ordinal) && !file.EndsWith("sock", StringComparison.Ordinal)))
        {
            using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(content, Encoding.Latin1);
            var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain("canary-pw-881", text);
            Assert.DoesNotContain("typed-token", text);
        }
    }

    [Fact]
    public async Task A_login_and_a_logout_are_recorded()
    {
        await _daemon.PostAsync(Routes.Login, Typed);
        await _daemon.PostAsync(Routes.Login, Typed.Replace("881", "882"));
        await _daemon.PostAsync(Routes.Logout, """{"backend":"vault"}""");

        var log = string.Concat(Directory.GetFiles(_daemon.Paths.DataDirectory, "audit-*.log").Select(Read));
        Assert.Equal(2, log.Split("login to vault by userpass").Length - 1);
        Assert.Contains("logout from vault", log);
        Assert.Contains("signed in", log);
    }

    [Fact]
    public async Task The_policy_is_asked_for_each_reference_of_a_login()
    {
        _home.Write(Path.GetRelativePath(_home.Path, _daemon.Paths.PolicyFile),
            Encoding.UTF8.GetBytes($$"""{"allow":[{"path":"{{RealPath.Of(Environment.ProcessPath!)}}","refs":["op://v/i/role"]}],"default_deny":true}"""));

        var answer = await _daemon.PostAsync(Routes.Login, Referenced);

        Assert.Equal((403, "access_denied", "op://v/i/secret"), (answer.Status, answer["code"], answer["ref"]));
        Assert.Equal(0, _vault.Count("auth/"));
    }

    [Theory]
    [InlineData("vault://kv/x#k", "vault → vault")]
    [InlineData("VAULT://kv/x#k", "vault → vault")]
    public async Task A_login_that_needs_what_it_unlocks_is_refused(string reference, string circle)
    {
        var answer = await _daemon.PostAsync(Routes.Login, $$$"""{"backend":"vault","method":"token","refs":{"token":"{{{reference}}}"}}""");

        Assert.Equal((400, "bad_request"), (answer.Status, answer["code"]));
        Assert.Contains(circle, answer["detail"]);
    }

    [Fact]
    public async Task A_longer_circle_is_refused_as_well()
    {
        await _daemon.PostAsync(Routes.Login, Typed);
        Assert.Equal(200, (await _daemon.PostAsync(Routes.Login, """{"backend":"bao","method":"token","refs":{"token":"vault://kv/x#k"}}""")).Status);
        Assert.Equal("v", _bao.Asked.Single(asked => asked.Path == "auth/token/lookup-self").Token);

        var answer = await _daemon.PostAsync(Routes.Login, """{"backend":"vault","method":"token","refs":{"token":"bao://kv/x#k"}}""");

        Assert.Equal(400, answer.Status);
        Assert.Contains("vault → bao → vault", answer["detail"]);
    }

    [Fact]
    public async Task Logging_out_revokes_the_token_and_forgets_what_it_brought()
    {
        _vault.On("auth/token/revoke-self", _ => ScriptedVault.Answer(204, [], null));
        await _daemon.PostAsync(Routes.Login, Typed);
        await ReadAsync();
        await _daemon.ReadAsync("op://v/i/f");

        Assert.Equal("True", (await _daemon.PostAsync(Routes.Logout, """{"backend":"vault"}"""))["revoked"]);

        Assert.Equal("typed-token", _vault.Asked.Single(asked => asked.Path == "auth/token/revoke-self").Token);
        Assert.Equal("1", (await _daemon.StatusAsync())["cache_size"]);
        Assert.Equal("sign_in_required", (await ReadAsync())["code"]);
        Assert.Equal("False", (await _daemon.PostAsync(Routes.Logout, """{"backend":"vault"}"""))["revoked"]);
    }

    [Fact]
    public async Task Another_login_drops_what_the_one_before_had_read()
    {
        await _daemon.PostAsync(Routes.Login, Typed);
        await ReadAsync();
        Assert.Equal("True", (await ReadAsync())["from_cache"]);

        await _daemon.PostAsync(Routes.Login, Typed);

        Assert.Equal("False", (await ReadAsync())["from_cache"]);
    }

    [Fact]
    public async Task A_login_in_a_browser_ends_with_the_state_it_began_with_and_once_only()
    {
        var nonce = "";
        _vault.On("auth/oidc/oidc/auth_url", asked =>
        {
            nonce = System.Text.Json.JsonDocument.Parse(asked.Body!).RootElement.GetProperty("client_nonce").GetString()!;
            return ScriptedVault.Json(200, """{"request_id":"r","data":{"auth_url":"https://idp.example/authorize?client_id=c&state=st_1&nonce=n_1"}}""");
        });

        var begun = await _daemon.PostAsync(Routes.LoginOidc, """{"backend":"vault","role":"dev","redirect_uri":"http://localhost:8250/oidc/callback"}""");
        Assert.Equal("https://idp.example/authorize?client_id=c&state=st_1&nonce=n_1", begun["auth_url"]);
        _vault.On($"auth/oidc/oidc/callback?state=st_1&code=c%2F1&client_nonce={nonce}", _ => ScriptedVault.Login("oidc-token", ttl: 60));

        const string end = """{"backend":"vault","method":"oidc","fields":{"state":"st_1","code":"c/1"}}""";
        Assert.Equal(400, (await _daemon.PostAsync(Routes.Login, end.Replace("st_1", "st_2"))).Status);
        Assert.Equal(200, (await _daemon.PostAsync(Routes.Login, end)).Status);
        Assert.Equal("v", (await ReadAsync())["value"]);
        Assert.Equal("oidc-token", _vault.Asked[^1].Token);
        Assert.Equal(400, (await _daemon.PostAsync(Routes.Login, end)).Status);
        Assert.Equal(40, nonce.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("file:///usr/bin/xeyes?state=s")]
    [InlineData("http://idp.example/authorize?state=s")]
    [InlineData("https://idp.example/authorize")]
    public async Task A_browser_is_sent_nowhere_but_to_an_encrypted_page_with_a_state(string url)
    {
        _vault.On("auth/oidc/oidc/auth_url", 200, "{\"data\":{\"auth_url\":\"" + url + "\"}}");

        var answer = await _daemon.PostAsync(Routes.LoginOidc, """{"backend":"vault","redirect_uri":"http://localhost:8250/oidc/callback"}""");

        Assert.InRange(answer.Status, 400, 599);
    }

    [Fact]
    public async Task A_backend_that_this_daemon_does_not_read_from_is_not_logged_in_to()
    {
        await using var other = await DaemonUnderTest.StartAsync();

        Assert.Equal(400, (await other.PostAsync(Routes.Login, Typed)).Status);
        Assert.Equal(400, (await other.PostAsync(Routes.Logout, """{"backend":"bao"}""")).Status);
    }

    [Fact]
    public async Task An_address_that_a_login_names_is_checked_like_any_other()
    {
        var answer = await _daemon.PostAsync(Routes.Login, Typed.Replace("\"method\"", "\"address\":\"http://vault.example\",\"method\""));

        Assert.Equal((400, "bad_request"), (answer.Status, answer["code"]));
        Assert.Contains("plain http", answer["detail"]);
        Assert.Empty(_vault.Asked);
    }

    [Fact]
    public async Task A_clean_stop_gives_leases_back()
    {
        _vault.Mount("database", "database/creds/app", version: null)
            .On("database/creds/app", 200, """{"request_id":"r","lease_id":"l/1","lease_duration":60,"renewable":false,"data":{"k":"v"}}""")
            .On("sys/leases/revoke", _ => ScriptedVault.Answer(204, [], null));
        await _daemon.PostAsync(Routes.Login, Typed);
        await _daemon.ReadAsync("vault://database/creds/app#k");

        _daemon.Stop();
        Assert.Equal(0, await _daemon.Exit.WaitAsync(RawClient.Patience, TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.Equal("""{"lease_id":"l/1"}""", Assert.Single(_vault.Asked, asked => asked.Path == "sys/leases/revoke").Body);
    }

    private static ScriptedVault Server() => new ScriptedVault().Token().Mount("kv", "kv/x", "1").On("kv/x", 200, Good);

    private static VaultSettings Settings(string name) => new(name, new VaultOptions { Address = ScriptedVault.Address }, new Dictionary<string, string>());

    private static string Read(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd();
    }

    private Task<RawResponse> ReadAsync() => _daemon.ReadAsync("vault://kv/x#k");

    private async Task<(string?, string?, string?)> LoginAsync(string backend)
    {
        var login = (await _daemon.StatusAsync()).Json.GetProperty("backends").EnumerateArray().Single(each => each.GetProperty("name").GetString() == backend).GetProperty("login");
        return (login.GetProperty("method").GetString(), login.GetProperty("from").GetString(), login.GetProperty("state").GetString());
    }
}
