using Opx.Daemon.Backends;
using Opx.Daemon.Options;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>One backend call per key in flight, however many ask and whoever of them leaves.</summary>
public sealed class CoalescingTests : IAsyncLifetime
{
    private readonly StubBackend _backend = new();
    private DaemonUnderTest _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await DaemonUnderTest.StartAsync(_backend);

    public async ValueTask DisposeAsync()
    {
        _backend.Release();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task Two_hundred_callers_of_one_reference_cost_one_backend_call()
    {
        _backend.Hold();
        var callers = Enumerable.Range(0, 200).Select(_ => _daemon.ReadAsync("op://v/i/f")).ToArray();
        await _daemon.UntilAsync("coalesced", "199");
        _backend.Release();

        Assert.All(await Task.WhenAll(callers), answer => Assert.Equal("value of op://v/i/f", answer["value"]));
        Assert.Single(_backend.Batches);
        Assert.Equal("1", (await _daemon.StatusAsync())["misses"]);
    }

    [Fact]
    public async Task The_first_caller_leaves_and_the_others_are_served()
    {
        _backend.Hold();
        // The reference that nobody else wants shows when the daemon has noticed that the first one left.
        var first = await BeginAsync(Routes.Reads, """{"refs":["op://v/i/f","op://v/i/lonely"]}""");
        await _backend.ArrivedAsync();
        var others = Enumerable.Range(0, 5).Select(_ => _daemon.ReadAsync("op://v/i/f")).ToArray();
        await _daemon.UntilAsync("coalesced", "5");
        first.Vanish();
        await _daemon.UntilAsync("in_flight", "1");
        _backend.Release();

        Assert.All(await Task.WhenAll(others), answer => Assert.Equal("value of op://v/i/f", answer["value"]));
        Assert.Equal(["op://v/i/f op://v/i/lonely"], _backend.Batches);
    }

    [Fact]
    public async Task The_last_caller_to_leave_cancels_the_backend_call_and_a_later_one_begins_anew()
    {
        _backend.Hold();
        var first = await BeginAsync(Routes.Read, """{"ref":"op://v/i/f"}""");
        await _backend.ArrivedAsync();
        var second = await BeginAsync(Routes.Read, """{"ref":"op://v/i/f"}""");
        await _daemon.UntilAsync("coalesced", "1");
        first.Vanish();
        second.Vanish();
        await _backend.CancelledAsync();
        _backend.Release();

        Assert.Equal("value of op://v/i/f", (await _daemon.ReadAsync("op://v/i/f"))["value"]);
        Assert.Equal(2, _backend.Batches.Count());
        Assert.Empty(_daemon.Log);
    }

    [Fact]
    public async Task A_failure_goes_to_the_callers_of_that_flight_and_to_nobody_else()
    {
        _backend.Hold().Answer = _ => StubBackend.Failure(ErrorCode.BackendError, "failed once");
        var callers = Enumerable.Range(0, 5).Select(_ => _daemon.ReadAsync("op://v/i/f")).ToArray();
        await _daemon.UntilAsync("coalesced", "4");
        _backend.Release();

        Assert.All(await Task.WhenAll(callers), answer => Assert.Equal("failed once", answer["detail"]));
        Assert.Single(_backend.Batches);
        _backend.Answer = _ => StubBackend.Value("well again");
        Assert.Equal("well again", (await _daemon.ReadAsync("op://v/i/f"))["value"]);
    }

    [Fact]
    public async Task A_fresh_read_does_not_join_a_read_that_has_left_and_what_it_brings_is_kept()
    {
        var answers = 0;
        _backend.Answer = _ => StubBackend.Value($"answer {Interlocked.Increment(ref answers)}");
        _backend.Hold();
        var early = _daemon.ReadAsync("op://v/i/f");
        await _backend.ArrivedAsync();
        var fresh = _daemon.ReadAsync("op://v/i/f", fresh: true);
        await _daemon.UntilAsync("misses", "2");
        _backend.Release();

        Assert.Equal("answer 1", (await early)["value"]);
        Assert.Equal("answer 2", (await fresh)["value"]);
        Assert.Equal("answer 2", (await _daemon.ReadAsync("op://v/i/f"))["value"]);
    }

    [Fact]
    public async Task A_fresh_read_joins_one_that_has_not_left_yet()
    {
        _backend.Hold();
        var busy = _daemon.ReadAsync("op://v/i/busy");
        await _backend.ArrivedAsync();
        var waiting = _daemon.ReadAsync("op://v/i/f");
        await _daemon.UntilAsync("misses", "2");
        var fresh = _daemon.ReadAsync("op://v/i/f", fresh: true);
        await _daemon.UntilAsync("coalesced", "1");
        _backend.Release();

        await Task.WhenAll(busy, waiting, fresh);
        Assert.Equal(["op://v/i/busy", "op://v/i/f"], _backend.Batches);
    }

    [Fact]
    public async Task The_references_of_one_request_leave_together()
    {
        var references = Enumerable.Range(0, 50).Select(i => $"op://v/i/{i}").ToArray();

        await _daemon.PostAsync(Routes.Reads, $$"""{"refs":[{{string.Join(',', references.Select(r => $"\"{r}\""))}}]}""");

        Assert.Equal([string.Join(' ', references)], _backend.Batches);
    }

    [Fact]
    public async Task Reads_that_come_while_a_batch_is_under_way_leave_together_as_the_next()
    {
        _backend.Hold();
        var busy = _daemon.ReadAsync("op://v/i/busy");
        await _backend.ArrivedAsync();
        var waiting = new List<Task<RawResponse>>();
        for (var i = 0; i < 10; i++)
        {
            waiting.Add(_daemon.ReadAsync($"op://v/i/{i}"));
            await _daemon.UntilAsync("misses", $"{i + 2}");
        }

        Assert.Single(_backend.Batches);
        _backend.Release();
        await Task.WhenAll([busy, .. waiting]);

        Assert.Equal(["op://v/i/busy", string.Join(' ', Enumerable.Range(0, 10).Select(i => $"op://v/i/{i}"))], _backend.Batches);
        Assert.Equal("2", (await _daemon.StatusAsync())["batches"]);
    }

    [Fact]
    public async Task A_read_that_nobody_waits_for_any_more_does_not_leave_with_the_next_batch()
    {
        _backend.Hold();
        var busy = _daemon.ReadAsync("op://v/i/busy");
        await _backend.ArrivedAsync();
        var leaving = await BeginAsync(Routes.Read, """{"ref":"op://v/i/left"}""");
        await _daemon.UntilAsync("in_flight", "2");
        var staying = _daemon.ReadAsync("op://v/i/stays");
        await _daemon.UntilAsync("in_flight", "3");
        leaving.Vanish();
        await _daemon.UntilAsync("in_flight", "2");
        _backend.Release();
        await Task.WhenAll(busy, staying);

        Assert.Equal(["op://v/i/busy", "op://v/i/stays"], _backend.Batches);
    }

    [Fact]
    public async Task Accounts_neither_share_values_nor_wait_for_each_other()
    {
        _backend.Hold();
        var one = _daemon.ReadAsync("op://v/i/f", account: "one");
        await _backend.ArrivedAsync();
        var two = _daemon.ReadAsync("op://v/i/f", account: "two");
        await _backend.ArrivedAsync();
        var none = _daemon.ReadAsync("op://v/i/f");
        await _backend.ArrivedAsync();
        _backend.Release();
        await Task.WhenAll(one, two, none);

        Assert.Equal(["one", "two", null], _backend.Accounts);
        Assert.Equal("3", (await _daemon.StatusAsync())["cache_size"]);
    }

    [Fact]
    public async Task Backends_do_not_share_values()
    {
        var (op, vault) = (new StubBackend("opcli") { Answer = _ => StubBackend.Value("of op") }, new StubBackend("vault") { Answer = _ => StubBackend.Value("of vault") });
        var bao = new StubBackend("bao") { Answer = _ => StubBackend.Value("of bao") };
        await using var daemon = await DaemonUnderTest.StartAsync(
            options: options => options with { Backend = BackendKind.Multi },
            backends: new Dictionary<BackendKind, ISecretBackend> { [BackendKind.OpCli] = op, [BackendKind.Vault] = vault, [BackendKind.Bao] = bao });

        var answer = await daemon.PostAsync(Routes.Resolve, """{"env":{"A":"op://a/b/c","B":"vault://a/b#c","C":"bao://a/b#c","D":"a/b/c"}}""");

        Assert.Equal("""{"env":{"A":"of op","B":"of vault","C":"of bao","D":"of op"}}""", answer.Text);
        Assert.Equal(["op://a/b/c a/b/c"], op.Batches);
        Assert.Equal(["vault://a/b#c"], vault.Batches);
        Assert.Equal(["bao://a/b#c"], bao.Batches);
    }

    [Fact]
    public async Task No_cached_read_waits_behind_a_blocked_backend()
    {
        await _daemon.ReadAsync("op://v/i/kept");
        using var blocked = new ManualResetEventSlim();
        _backend.Answer = reference =>
        {
            blocked.Wait();
            return StubBackend.Value("late");
        };
        var waiting = _daemon.ReadAsync("op://v/i/f");
        await _daemon.UntilAsync("in_flight", "1");

        var kept = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _daemon.ReadAsync("op://v/i/kept")));

        blocked.Set();
        Assert.All(kept, answer => Assert.Equal("True", answer["from_cache"]));
        Assert.Equal("late", (await waiting)["value"]);
    }

    private async Task<RawClient> BeginAsync(string path, string body)
    {
        var client = await _daemon.ConnectAsync();
        await client.SendAsync(RawClient.Request("POST", path, _daemon.Token, body));
        return client;
    }
}
