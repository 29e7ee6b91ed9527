using System.Text;
using System.Text.Json;
using Opx.Protocol;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Integration.Tests;

public sealed class AccessTests : IAsyncLifetime
{
    private const int MostPairs = 6_000;
    private static readonly string Here = RealPath.Of(Environment.ProcessPath!)!;

    private readonly TemporaryHome _home = new();
    private readonly StubBackend _backend = new();
    private DaemonUnderTest _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await DaemonUnderTest.StartAsync(_backend, home: _home);

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Without_a_policy_everything_of_the_same_user_is_allowed()
    {
        Assert.Equal(200, (await _daemon.ReadAsync("op://v/i/f")).Status);
        var status = await _daemon.StatusAsync();
        Assert.Equal(
            (_daemon.Paths.PolicyFile, "False", "0", null),
            (status["policy_path"], status["policy_exists"], status["policy_rule_count"], status["policy_fault"]));
    }

    [Fact]
    public async Task A_rule_lets_the_program_it_names_and_nobody_else()
    {
        Policy($$"""{"allow":[{"path":"{{Here}}","refs":["op://mine/*"]},{"path":"/usr/bin/other","refs":["op://theirs/*"]}]}""");
        Assert.Equal(200, (await _daemon.ReadAsync("op://mine/i/f")).Status);
        Assert.Equal(200, (await _daemon.ReadAsync("op://nobodys/i/f")).Status);
        var refused = await _daemon.ReadAsync("op://theirs/i/f");
        Assert.Equal((403, "access_denied", "op://theirs/i/f"), (refused.Status, refused["code"], refused["ref"]));
        Assert.Contains(Here, refused["detail"]);
        Assert.Contains("only the named processes", refused["detail"]);
        var status = await _daemon.StatusAsync();
        Assert.Equal((_daemon.Paths.PolicyFile, "2"), (status["policy_path"], status["policy_rule_count"]));
    }

    [Fact]
    public async Task A_connection_that_was_made_before_the_policy_is_held_to_it()
    {
        await using var client = await _daemon.ConnectAsync();
        Assert.Equal(200, await ReadAsync(client));
        Policy("""{"default_deny":true}""");
        Assert.Equal(403, await ReadAsync(client));
        Policy($$"""{"allow":[{"path":"{{Here}}","refs":["*"]}],"default_deny":true}""");
        Assert.Equal(200, await ReadAsync(client));
        Policy("{");
        Assert.Equal(403, await ReadAsync(client));
        File.Delete(_daemon.Paths.PolicyFile);
        Assert.Equal(200, await ReadAsync(client));
    }

    [Fact]
    public async Task An_invalid_policy_refuses_every_read_and_says_where_it_is_invalid()
    {
        Policy("{\n\"default_deny\": \"yes\"\n}");
        foreach (var answer in new[]
        {
            await _daemon.ReadAsync("op://v/i/f"),
            await _daemon.PostAsync(Routes.Resolve, """{"env":{"A":"op://v/i/f"}}"""),
        })
        {
            Assert.Equal((403, "policy_invalid"), (answer.Status, answer["code"]));
            Assert.Contains($"{_daemon.Paths.PolicyFile}:2: ", answer["detail"]);
        }

        var many = await _daemon.PostAsync(Routes.Reads, """{"refs":["op://v/i/f","op://v/i/g"]}""");
        Assert.All(many.Json.GetProperty("results").EnumerateObject(), each => Assert.Contains("policy_invalid", each.Value.GetRawText()));
        Assert.StartsWith($"{_daemon.Paths.PolicyFile}:2: ", (await _daemon.StatusAsync())["policy_fault"]);
        Assert.Contains($"{_daemon.Paths.PolicyFile}:2: ", _daemon.Log);
        Assert.Empty(_backend.Batches);
    }

    [Fact]
    public async Task A_batch_of_allowed_and_refused_references_reads_the_allowed_ones_alone()
    {
        Policy($$"""{"allow":[{"path":"{{Here}}","refs":["op://mine/*"]}],"default_deny":true}""");
        var answer = await _daemon.PostAsync(Routes.Reads, """{"refs":["op://theirs/i/f","op://mine/i/f","op://theirs/i/g"]}""");
        var results = answer.Json.GetProperty("results");
        Assert.Equal("value of op://mine/i/f", results.GetProperty("op://mine/i/f").GetProperty("value").GetString());
        Assert.Contains("access_denied", results.GetProperty("op://theirs/i/f").GetRawText());
        Assert.Contains("access_denied", results.GetProperty("op://theirs/i/g").GetRawText());
        Assert.Equal(["op://mine/i/f"], _backend.Batches);

        var resolved = await _daemon.PostAsync(Routes.Resolve, """{"env":{"A":"op://mine/i/f","B":"op://theirs/i/f"}}""");
        Assert.Equal((403, "access_denied"), (resolved.Status, resolved["code"]));
        Assert.DoesNotContain("value of", resolved.Text);
    }

    [Fact]
    public async Task A_refusal_says_the_same_of_a_cached_reference_and_asks_neither_cache_nor_backend()
    {
        await _daemon.ReadAsync("op://theirs/i/cached");
        Policy($$"""{"allow":[{"path":"/usr/bin/other","refs":["op://theirs/*"]}]}""");
        var (cached, other) = (await _daemon.ReadAsync("op://theirs/i/cached"), await _daemon.ReadAsync("op://theirs/i/uncach"));
        Assert.Equal(Without(cached, "cached"), Without(other, "uncach"));
        Assert.Equal("0", (await _daemon.StatusAsync())["hits"]);
        Assert.Single(_backend.Batches);
    }

    [Fact]
    public async Task A_policy_replaced_by_rename_under_a_thousand_requests_never_fails_one()
    {
        string[] policies = [$$"""{"allow":[{"path":"{{Here}}","refs":["*"]}]}""", """{"default_deny":true}"""];
        Policy(policies[0]);
        var done = 0;
        var clients = Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var client = await _daemon.ConnectAsync();
            var statuses = new List<(int, string?)>();
            for (var i = 0; i < 150; i++)
            {
                await client.SendAsync(RawClient.Request("POST", Routes.Read, _daemon.Token, """{"ref":"op://v/i/f"}"""));
                var answer = await client.ReceiveAsync();
                statuses.Add((answer.Status, answer["code"]));
                Interlocked.Increment(ref done);
            }

            return statuses;
        }));
        for (var i = 1; !clients.IsCompleted; i++)
        {
            var seen = Volatile.Read(ref done);
            Replace(policies[i % 2]);
            while (Volatile.Read(ref done) < seen + 20 && !clients.IsCompleted)
                await Task.Yield();
        }

        var answers = (await clients).SelectMany(statuses => statuses).ToList();
        Assert.Equal(1_200, answers.Count);
        Assert.All(answers, answer => Assert.Contains(answer, new (int, string?)[] { (200, null), (403, "access_denied") }));
        Assert.Contains((200, null), answers);
        Assert.Contains((403, "access_denied"), answers);
    }

    /// <summary>Requests that come together share one look at the file: it must come after each of them.</summary>
    [Fact]
    public async Task A_request_that_is_sent_after_a_change_is_held_to_it_whoever_else_asks_at_the_time()
    {
        string[] policies = ["""{"default_deny":true}""", $$"""{"allow":[{"path":"{{Here}}","refs":["*"]}]}"""];
        using var stop = new CancellationTokenSource();
        var others = Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var other = await _daemon.ConnectAsync();
            while (!stop.IsCancellationRequested)
                Assert.Contains(await ReadAsync(other), (int[])[200, 403]);
        }));
        await using var client = await _daemon.ConnectAsync();
        for (var i = 0; i < 300; i++)
        {
            Replace(policies[i % 2]);
            Assert.Equal(i % 2 == 0 ? 403 : 200, await ReadAsync(client));
        }

        await stop.CancelAsync();
        await others;
    }

    [Fact]
    public async Task A_rule_can_ask_for_the_hash_of_the_program()
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Here)));
        Policy($$"""{"allow":[{"sha256":"{{hash}}","refs":["op://mine/*"]}],"default_deny":true}""");
        Assert.Equal(200, (await _daemon.ReadAsync("op://mine/i/f")).Status);
        Policy($$"""{"allow":[{"sha256":"{{new string('0', 64)}}","refs":["op://mine/*"]}],"default_deny":true}""");
        Assert.Equal(403, (await _daemon.ReadAsync("op://mine/i/f")).Status);
    }

    [Fact]
    public async Task A_refused_caller_cannot_tell_by_time_what_is_cached()
    {
        await using var client = await _daemon.ConnectAsync();
        var names = new Random(1);
        // As many pairs as it takes on this machine, just now, to see what an allowed caller sees; and then no fewer for the refused one.
        var allowed = new Leaning(0, 0);
        while (allowed is { Deviations: <= 8, Pairs: < MostPairs })
            allowed += await LeaningAsync(client, names, 300);
        Assert.True(allowed.Deviations > 8, $"who is allowed cannot tell either, in {allowed.Pairs} pairs: this measures nothing");
        var refused = await LeaningAsync(client, names, Math.Max(1_000, allowed.Pairs), beforeAsking: () => Policy("""{"default_deny":true}"""));
        Assert.InRange(refused.Deviations, -5, 5);
    }

    [Fact]
    public async Task A_look_up_that_blocks_holds_no_other_client_up()
    {
        using var processes = new StuckProcesses();
        using var home = new TemporaryHome();
        var policy = $$"""{"allow":[{"path":"{{Here}}","refs":["*"]},{"path":"{{StuckProcesses.Shell}}","script":"/x.sh","refs":["*"]}]}""";
        home.Write(Path.GetRelativePath(home.Path, home.Paths.PolicyFile), Encoding.UTF8.GetBytes(policy));
        await using var daemon = await DaemonUnderTest.StartAsync(_backend, home: home, processes: processes);
        Assert.Equal(200, (await daemon.ReadAsync("op://v/i/f")).Status);

        processes.StickNewcomers(true);
        var stuck = Enumerable.Range(0, 20).Select(_ => daemon.ReadAsync("op://v/i/f")).ToList();
        await processes.StuckAsync(threads: 8);
        processes.StickNewcomers(false);
        for (var i = 0; i < 50; i++)
            Assert.Equal(200, (await daemon.ReadAsync("op://v/i/f")).Status);
        Assert.Contains(stuck, request => !request.IsCompleted);

        daemon.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Contains("took too long", (await await Task.WhenAny(stuck))["detail"]);
        processes.Release();
        await Task.WhenAll(stuck);
    }

    /// <summary>How often the uncached one of two references was the slower.</summary>
    private readonly record struct Leaning(int Slower, int Pairs)
    {
        /// <summary>From the half of them that chance gives, in standard deviations of a coin's.</summary>
        public double Deviations => Pairs == 0 ? 0 : (Slower - (Pairs / 2.0)) / (Math.Sqrt(Pairs) / 2);

        public static Leaning operator +(Leaning one, Leaning other) => new(one.Slower + other.Slower, one.Pairs + other.Pairs);
    }

    private async Task<Leaning> LeaningAsync(RawClient client, Random random, int pairs, Action? beforeAsking = null)
    {
        // Names of one kind, each asked for once, in an order without a pattern: nothing but the cache tells them apart.
        string[] Names() => [.. Enumerable.Range(0, pairs).Select(_ => $"op://v/i/{random.Next():x8}")];
        var (cached, uncached) = (Names(), Names());
        foreach (var batch in cached.Chunk(100))
            Assert.Equal(200, (await _daemon.PostAsync(Routes.Reads, JsonSerializer.Serialize(new { refs = batch }))).Status);
        beforeAsking?.Invoke();
        var slower = 0;
        for (var i = 0; i < pairs; i++)
        {
            var cachedFirst = random.Next(2) == 0;
            var first = await TimedAsync(client, cachedFirst ? cached[i] : uncached[i]);
            var second = await TimedAsync(client, cachedFirst ? uncached[i] : cached[i]);
            slower += (cachedFirst ? second > first : first > second) ? 1 : 0;
        }

        return new Leaning(slower, pairs);
    }

    private async Task<long> TimedAsync(RawClient client, string reference)
    {
        var request = Encoding.UTF8.GetBytes(RawClient.Request("POST", Routes.Read, _daemon.Token, JsonSerializer.Serialize(new { @ref = reference })));
        var started = TimeProvider.System.GetTimestamp();
        await client.SendAsync(request);
        await client.ReceiveAsync();
        return TimeProvider.System.GetTimestamp() - started;
    }

    private static string Without(RawResponse answer, string name) =>
        answer.Text.Replace(name, "", StringComparison.Ordinal).Replace(answer["request_id"]!, "", StringComparison.Ordinal);

    private async Task<int> ReadAsync(RawClient client)
    {
        await client.SendAsync(RawClient.Request("POST", Routes.Read, _daemon.Token, JsonSerializer.Serialize(new { @ref = "op://v/i/f" })));
        return (await client.ReceiveAsync()).Status;
    }

    private void Policy(string content) =>
        _home.Write(Path.GetRelativePath(_home.Path, _daemon.Paths.PolicyFile), Encoding.UTF8.GetBytes(content));

    private void Replace(string content)
    {
        var beside = _home.Write(Path.GetRelativePath(_home.Path, _daemon.Paths.PolicyFile + ".new"), Encoding.UTF8.GetBytes(content));
        File.Move(beside, _daemon.Paths.PolicyFile, overwrite: true);
    }
}
