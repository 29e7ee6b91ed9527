using System.Text.Json;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>The shapes that clients of other origin depend on.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private readonly StubBackend _backend = new();
    private DaemonUnderTest _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await DaemonUnderTest.StartAsync(_backend);

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [Fact]
    public async Task A_read_answers_with_the_value_and_where_it_came_from()
    {
        var first = await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Advance(TimeSpan.FromSeconds(20));
        var second = await _daemon.ReadAsync("op://v/i/f");

        Assert.Equal(200, first.Status);
        Assert.Equal("application/json", first.Header("Content-Type"));
        Assert.Equal("no-store", first.Header("Cache-Control"));
        Assert.StartsWith("opx-authd/", first.Header("Server"));
        Assert.Equal(["ref", "value", "from_cache", "expires_in_seconds", "resolved_at_unix"], first.Members);
        var resolvedAt = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal($$"""{"ref":"op://v/i/f","value":"value of op://v/i/f","from_cache":false,"expires_in_seconds":120,"resolved_at_unix":{{resolvedAt}}}""", first.Text);
        Assert.Equal($$"""{"ref":"op://v/i/f","value":"value of op://v/i/f","from_cache":true,"expires_in_seconds":100,"resolved_at_unix":{{resolvedAt}}}""", second.Text);
    }

    [Fact]
    public async Task Reads_answer_per_reference_in_their_order_and_an_error_is_no_value()
    {
        _backend.Answer = reference => reference.Text == "op://v/i/bad" ? StubBackend.Failure(ErrorCode.NotFound, "no such item") : StubBackend.Value("x");

        var answer = await _daemon.PostAsync(Routes.Reads, """{"refs":["op://v/i/b","op://v/i/bad","-x","op://v/i/a","op://v/i/b"]}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(["results"], answer.Members);
        var results = answer.Json.GetProperty("results");
        Assert.Equal(["op://v/i/b", "op://v/i/bad", "-x", "op://v/i/a"], results.EnumerateObject().Select(result => result.Name));
        Assert.Equal(["ref", "value", "from_cache", "expires_in_seconds", "resolved_at_unix"], Names(results.GetProperty("op://v/i/a")));
        Assert.Equal(
            """{"ref":"op://v/i/bad","value":"","error":{"code":"not_found","message":"no such item"}}""", results.GetProperty("op://v/i/bad").GetRawText());
        Assert.Equal("unsupported_ref", results.GetProperty("-x").GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Resolve_answers_with_every_name_in_the_order_they_were_given()
    {
        var answer = await _daemon.PostAsync(Routes.Resolve, """{"env":{"Z":"op://v/i/1","A":"op://v/i/2","_a1":"op://v/i/1"}}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"env":{"Z":"value of op://v/i/1","A":"value of op://v/i/2","_a1":"value of op://v/i/1"}}""", answer.Text);
    }

    [Fact]
    public async Task Resolve_is_all_or_nothing()
    {
        _backend.Answer = reference => reference.Text == "op://v/i/bad" ? StubBackend.Failure(ErrorCode.Ambiguous) : StubBackend.Value("canary-value");

        var answer = await _daemon.PostAsync(Routes.Resolve, """{"env":{"A":"op://v/i/good","B":"op://v/i/bad","C":"op://v/i/fine"}}""");

        Assert.Equal(409, answer.Status);
        Assert.Equal("ambiguous", answer["code"]);
        Assert.Equal("op://v/i/bad", answer["ref"]);
        Assert.DoesNotContain("canary", answer.Text);
    }

    [Fact]
    public async Task Nothing_asked_for_is_nothing_answered()
    {
        Assert.Equal("""{"results":{}}""", (await _daemon.PostAsync(Routes.Reads, """{"refs":[]}""")).Text);
        Assert.Equal("""{"env":{}}""", (await _daemon.PostAsync(Routes.Resolve, """{"env":{}}""")).Text);
        Assert.Empty(_backend.Batches);
    }

    [Fact]
    public async Task Status_has_the_members_of_the_protocol()
    {
        await _daemon.ReadAsync("op://v/i/f");
        await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Advance(TimeSpan.FromSeconds(90));

        var status = await _daemon.StatusAsync();

        Assert.Equal(200, status.Status);
        foreach (var (member, value) in new[]
        {
            ("backend", "fake"), ("uptime_seconds", "90"), ("cache_size", "1"), ("hits", "1"), ("misses", "1"), ("in_flight", "0"), ("ttl_seconds", "120"),
            ("socket_path", _daemon.Paths.SocketPath), ("policy_rule_count", "0"), ("coalesced", "0"), ("batches", "1"),
        })
            Assert.Equal((member, value), (member, status[member]));
        Assert.Matches(@"^\d+\.\d+\.\d+$", status["version"]);
        Assert.Equal(
            """{"state":"authenticated","idle_timeout_seconds":28800,"time_until_lock_seconds":28710,"enabled":true}""", status.Json.GetProperty("session").GetRawText());
        Assert.Equal("stub", status.Json.GetProperty("backends")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    public async Task A_session_is_locked_and_unlocked(string body)
    {
        Assert.Equal("""{"success":true,"state":"locked"}""", (await _daemon.PostAsync(Routes.SessionLock, body)).Text);
        Assert.Equal("""{"success":true,"state":"authenticated"}""", (await _daemon.PostAsync(Routes.SessionUnlock, body)).Text);
    }

    [Fact]
    public async Task An_unlock_that_the_backend_refuses_says_why()
    {
        await _daemon.PostAsync(Routes.SessionLock, "{}");
        _backend.SignIn = new(ErrorCode.SignInRequired, "run op signin");

        var answer = await _daemon.PostAsync(Routes.SessionUnlock, "{}");

        Assert.Equal("""{"success":false,"state":"locked","message":"run op signin"}""", answer.Text);
    }

    [Fact]
    public async Task Invalidate_counts_what_it_removed()
    {
        await _daemon.PostAsync(Routes.Reads, """{"refs":["op://v/i/a","op://v/i/b","op://v/i/c"]}""");
        await _daemon.ReadAsync("op://v/i/a", account: "other");

        Assert.Equal("""{"removed":2}""", (await _daemon.PostAsync(Routes.Invalidate, """{"refs":["op://v/i/a","op://v/i/none"]}""")).Text);
        Assert.Equal("""{"removed":2}""", (await _daemon.PostAsync(Routes.Invalidate, """{"all":true}""")).Text);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
}
