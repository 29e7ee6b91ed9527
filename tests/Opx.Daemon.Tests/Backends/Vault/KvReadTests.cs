using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

public sealed class KvReadTests : IDisposable
{
    private const string V2 =
        """{"request_id":"r","lease_id":"","renewable":false,"lease_duration":0,"data":{"data":{"user":"ada","n": 1.50 ,"o":{ "a" : [1, 2] }},"metadata":{"version":3,"destroyed":false,"deletion_time":""}}}""";

    private readonly VaultUnderTest _vault = new();

    private ScriptedVault Server => _vault.Server;

    public void Dispose() => _vault.Dispose();

    [Theory]
    [InlineData("vault://secret/app#user")]
    [InlineData("vault://secret/data/app#user")]
    public async Task With_and_without_data_in_its_path_it_is_the_same_secret_of_version_2(string reference)
    {
        Server.Mount("secret", "secret/app").Mount("secret", "secret/data/app").On("secret/data/app", 200, V2);

        Assert.Equal(["ada"], await _vault.ReadAsync(reference));
        Assert.Equal("hvs.the-token", Server.Asked[^1].Token);
    }

    [Fact]
    public async Task Version_1_is_unwrapped_once()
    {
        Server.Mount("kv", "kv/app", "1").On("kv/app", 200, """{"request_id":"r","data":{"data":{"data":"inner"},"user":"ada"},"lease_duration":2764800}""");

        Assert.Equal(["ada", """{"data":"inner"}"""], await _vault.ReadAsync("vault://kv/app#user", "vault://kv/app#data"));
    }

    [Fact]
    public async Task A_mount_without_options_is_read_as_it_stands()
    {
        Server.Mount("database", "database/creds/app", version: null).On("database/creds/app", 200, """{"request_id":"r","data":{"username":"u"}}""");

        Assert.Equal(["u"], await _vault.ReadAsync("vault://database/creds/app#username"));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_server_that_does_not_tell_its_mounts_is_asked_for_the_path_as_given(int status)
    {
        Server.On("sys/internal/ui/mounts/secret/data/app", status, """{"errors":["preflight capability check returned 403"]}""").On("secret/data/app", 200, """{"request_id":"r","data":{"k":"v"}}""");

        Assert.Equal(["v"], await _vault.ReadAsync("vault://secret/data/app#k"));
    }

    [Fact]
    public async Task Other_types_and_whole_secrets_are_compact_json_with_their_numbers_as_they_were()
    {
        Server.Mount("secret", "secret/app").On("secret/data/app", 200, V2);

        Assert.Equal(
            ["1.50", """{"a":[1,2]}""", """{"user":"ada","n":1.50,"o":{"a":[1,2]}}"""],
            await _vault.ReadAsync("vault://secret/app#n", "vault://secret/app#o", "vault://secret/app"));
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("true", "true")]
    [InlineData("12345678901234567890.00100", "12345678901234567890.00100")]
    [InlineData("1e400", "1e400")]
    [InlineData("[ ]", "[]")]
    [InlineData("""[ "a\u003cb" , { } , [ ] ,null]""", """["a\u003cb",{},[],null]""")]
    [InlineData("\"\"", "")]
    [InlineData("\"\\u00e4\\n\\ud83d\\ude00\\\\ \\u0000\"", "ä\n😀\\ \0")]
    public async Task Every_type_comes_out_exactly(string json, string expected)
    {
        Server.Mount("kv", "kv/x", "1").On("kv/x", 200, $$$"""{"request_id":"r","data":{"k":{{{json}}}}}""");

        Assert.Equal([expected], await _vault.ReadAsync("vault://kv/x#k"));
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_a_failure_and_not_another_value()
    {
        Server.Mount("kv", "kv/x", "1").On("kv/x", 200, """{"request_id":"r","data":{"k":"\ud83d"}}""");

        Assert.Equal(["backend_error"], await _vault.ReadAsync("vault://kv/x#k"));
    }

    [Fact]
    public async Task An_answer_without_data_holds_nothing()
    {
        Server.Mount("secret", "secret/app").On("secret/data/app", 200, """{"request_id":"r"}""");

        Assert.Equal(["not_found", "not_found"], await _vault.ReadAsync("vault://secret/app#user", "vault://secret/app"));
    }

    [Fact]
    public async Task A_name_that_is_half_a_surrogate_pair_stands_in_nobodys_way()
    {
        Server.Mount("kv", "kv/x", "1").On("kv/x", 200, """{"\ud83d":1,"request_id":"r","d\ud83d":2,"data":{"k\ud83d":3,"k":"v"}}""");

        Assert.Equal(["v"], await _vault.ReadAsync("vault://kv/x#k"));
    }

    [Fact]
    public async Task A_version_is_asked_for_and_is_no_part_of_the_path()
    {
        Server.Mount("secret", "secret/app").On("secret/data/app?version=2", 200, V2);

        Assert.Equal(["ada", "ada"], await _vault.ReadAsync("vault://secret/app?version=2#user", "vault://secret/app#user?version=2"));
        Assert.Equal(1, Server.Count("secret/data/"));
    }

    [Fact]
    public async Task A_version_of_what_keeps_none_is_refused()
    {
        Server.Mount("kv", "kv/app", "1").On("kv/app?version=2", 200, """{"request_id":"r","data":{"k":"v"}}""");

        Assert.Equal(ErrorCode.UnsupportedRef, (await _vault.FailureAsync("vault://kv/app?version=2#k")).Code);
        Assert.Equal(0, Server.Count("kv/"));
    }

    [Theory]
    [InlineData("\"2026-11-22T01:02:03.4Z\"", "false", "deleted")]
    [InlineData("\"2026-11-22T01:02:03.4Z\"", "true", "destroyed")]
    [InlineData("\"\"", "true", "destroyed")]
    public async Task A_version_that_is_gone_is_said_to_be(string time, string destroyed, string word)
    {
        Server.Mount("secret", "secret/app").On(
            "secret/data/app", 404, $$$$"""{"request_id":"r","data":{"data":null,"metadata":{"deletion_time":{{{{time}}}},"destroyed":{{{{destroyed}}}},"version":1}}}""");

        var failure = await _vault.FailureAsync("vault://secret/app#user");

        Assert.Equal(ErrorCode.NotFound, failure.Code);
        Assert.Contains(word, failure.Detail);
    }

    [Theory]
    [InlineData("vault://secret/none#k")]
    [InlineData("vault://secret/app#none")]
    public async Task What_is_not_there_is_not_found(string reference)
    {
        Server.Mount("secret", "secret/none").Mount("secret", "secret/app").On("secret/data/app", 200, V2);

        Assert.Equal(["not_found"], await _vault.ReadAsync(reference));
    }

    [Theory]
    [InlineData("vault://kv/a b%20ü+&=;#k", "kv/a%20b%2520%C3%BC%2B%26%3D%3B")]
    [InlineData("vault://kv/a\\b:c@d#k", "kv/a%5Cb%3Ac%40d")]
    [InlineData("vault://kv/%2e%2e/x#k", "kv/%252e%252e/x")]
    public async Task Odd_characters_in_a_path_reach_the_server_as_they_are(string reference, string path)
    {
        Server.On(path, 200, """{"request_id":"r","data":{"k":"v"}}""");

        Assert.Equal(["v"], await _vault.ReadAsync(reference));
    }

    [Theory]
    [InlineData("vault://secret//app#k")]
    [InlineData("vault://secret/app/#k")]
    [InlineData("vault:///secret/app#k")]
    [InlineData("vault://secret/./app#k")]
    [InlineData("vault://secret/app#")]
    [InlineData("vault://secret/app?version=0#k")]
    [InlineData("vault://secret/app?version=-1#k")]
    [InlineData("vault://secret/app?version=x#k")]
    [InlineData("vault://secret/app?list=true#k")]
    public async Task A_path_that_could_be_taken_for_another_is_refused_without_asking(string reference)
    {
        Assert.Equal(["unsupported_ref"], await _vault.ReadAsync(reference));
        Assert.Empty(Server.Asked);
    }

    [Fact]
    public async Task Fifty_keys_at_ten_paths_are_ten_reads_and_one_question_about_the_mount()
    {
        for (var i = 0; i < 10; i++)
            Server.Mount("secret", $"secret/p{i}").On($"secret/data/p{i}", 200, """{"request_id":"r","data":{"data":{"k0":"0","k1":"1","k2":"2","k3":"3","k4":"4"}}}""");

        var values = await _vault.ReadAsync([.. Enumerable.Range(0, 50).Select(i => $"vault://secret/p{i / 5}#k{i % 5}")]);

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i % 5}"), values);
        Assert.Equal((10, 1, 12), (Server.Count("secret/data/"), Server.Count("sys/"), Server.Asked.Count));
    }

    [Fact]
    public async Task A_failing_path_harms_only_its_own_keys()
    {
        Server.Mount("secret", "secret/good").Mount("secret", "secret/bad").Mount("secret", "secret/none")
            .On("secret/data/good", 200, V2).On("secret/data/bad", 400, """{"errors":["no"]}""");

        Assert.Equal(
            ["backend_error", "ada", "not_found", "1.50"],
            await _vault.ReadAsync("vault://secret/bad#user", "vault://secret/good#user", "vault://secret/none#user", "vault://secret/good#n"));
    }

    [Fact]
    public async Task Eight_paths_are_read_side_by_side_and_not_more()
    {
        var all = new TaskCompletionSource();
        for (var i = 0; i < 20; i++)
        {
            Server.Mount("secret", $"secret/p{i}").On($"secret/data/p{i}", async _ =>
            {
                if (Server.Count("secret/data/") == 8)
                    all.TrySetResult();
                await all.Task;
                return ScriptedVault.Json(200, """{"request_id":"r","data":{"data":{"k":"v"}}}""");
            });
        }

        Assert.All(await _vault.ReadAsync([.. Enumerable.Range(0, 20).Select(i => $"vault://secret/p{i}#k")]), value => Assert.Equal("v", value));
        Assert.Equal(8, Server.Most);
    }
}
