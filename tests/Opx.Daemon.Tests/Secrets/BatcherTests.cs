using Opx.Daemon.Backends;
using Opx.Protocol;

namespace Opx.Daemon.Tests.Secrets;

public sealed class BatcherTests
{
    private static string[] References(int count) => [.. Enumerable.Range(0, count).Select(i => $"op://v/i/f{i}")];

    [Fact]
    public async Task The_references_of_one_request_leave_together()
    {
        await using var test = new ReaderUnderTest();
        var reads = test.ReadManyAsync(References(50));
        var call = await test.Backend.CallAsync(0);
        Assert.Equal(References(50), call.References);
        call.Land();
        Assert.Equal(References(50), (await reads).Select(answer => answer.Value));
        Assert.Single(test.Backend.Calls);
    }

    [Fact]
    public async Task What_arrives_while_the_backend_is_busy_leaves_together_as_the_next_batch()
    {
        await using var test = new ReaderUnderTest();
        var lone = test.ReadAsync("op://v/i/lone");
        var first = await test.Backend.CallAsync(0);
        var reads = References(20).Select(reference => test.ReadAsync(reference)).ToArray();
        first.Land();
        await lone;
        var second = await test.Backend.CallAsync(1);
        Assert.Equal(References(20).Order(), second.References.Order());
        second.Land();
        await Task.WhenAll(reads);
        Assert.Equal(2, test.Backend.Calls.Count);
    }

    [Fact]
    public async Task Reads_whose_callers_left_while_they_waited_do_not_leave()
    {
        await using var test = new ReaderUnderTest();
        var lone = test.ReadAsync("op://v/i/lone");
        var first = await test.Backend.CallAsync(0);
        using var leaving = new CancellationTokenSource();
        var gone = test.ReadAsync("op://v/i/gone", cancellation: leaving.Token);
        var stays = test.ReadAsync("op://v/i/stays");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        first.Land();
        await lone;
        var second = await test.Backend.CallAsync(1);
        Assert.Equal(["op://v/i/stays"], second.References);
        second.Land();
        await stays;
    }

    [Fact]
    public async Task Accounts_without_end_do_not_stay_in_memory()
    {
        await using var test = new ReaderUnderTest();
        var busy = test.ReadAsync("op://v/i/f", account: "busy");
        var call = await test.Backend.CallAsync(0);
        for (var number = 0; number < 1_000; number++)
        {
            var read = test.ReadAsync("op://v/i/f", account: $"account{number}");
            (await test.Backend.CallAsync(number + 1)).Land();
            Assert.Equal("op://v/i/f", (await read).Value);
        }

        Assert.InRange(test.Reader.OpenLanes, 1, 64);
        Assert.Equal(1_001, test.Reader.Batches);
        call.Land();
        Assert.Equal("op://v/i/f", (await busy).Value);
    }

    [Fact]
    public async Task Accounts_have_batches_and_values_of_their_own()
    {
        await using var test = new ReaderUnderTest();
        var work = test.ReadAsync("op://v/i/f", account: "work");
        var home = test.ReadAsync("op://v/i/f", account: "home");
        foreach (var i in (int[])[0, 1])
        {
            var call = await test.Backend.CallAsync(i);
            call.Land(" of " + call.Account);
        }

        Assert.Equal("op://v/i/f of work", (await work).Value);
        Assert.Equal("op://v/i/f of home", (await home).Value);
        Assert.Equal("op://v/i/f of work", (await test.ReadAsync("op://v/i/f", account: "work")).Value);
        var none = test.ReadAsync("op://v/i/f");
        (await test.Backend.CallAsync(2)).Land();
        Assert.Equal("op://v/i/f", (await none).Value);
    }

    [Fact]
    public async Task A_reference_that_is_asked_for_twice_in_one_request_is_read_once()
    {
        await using var test = new ReaderUnderTest();
        var reads = test.ReadManyAsync(["op://v/i/f", "op://v/i/f"]);
        (await test.Backend.CallAsync(0)).Land();
        Assert.Equal(["op://v/i/f", "op://v/i/f"], (await reads).Select(answer => answer.Value));
        Assert.Equal(["op://v/i/f"], test.Backend.Calls[0].References);
    }

    [Fact]
    public async Task A_rate_limited_backend_is_left_alone_for_as_long_as_it_says()
    {
        await using var test = new ReaderUnderTest();
        test.Backend.Answer = _ => BackendOutcome.Of(new BackendFailure(ErrorCode.RateLimited, "limited", TimeSpan.FromMinutes(58)));
        Assert.Equal(ErrorCode.RateLimited, (await test.ReadAsync("op://v/i/a")).Code);
        test.Backend.Answer = reference => RecordingBackend.Value(reference.Text);
        test.Clock.Advance(TimeSpan.FromMinutes(57));
        Assert.Equal(ErrorCode.RateLimited, (await test.ReadAsync("op://v/i/b")).Code);
        Assert.Single(test.Backend.Calls);
        Assert.Equal(TimeSpan.FromMinutes(1), test.Reader.Tripped(test.Backend.Name)!.RetryAfter);
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("op://v/i/b", (await test.ReadAsync("op://v/i/b")).Value);
    }

    [Fact]
    public async Task A_backend_that_is_away_again_and_again_is_left_alone_for_a_while()
    {
        await using var test = new ReaderUnderTest();
        test.Backend.Answer = _ => BackendOutcome.Of(new BackendFailure(ErrorCode.BackendUnavailable, "away"));
        for (var i = 0; i < 10; i++)
            Assert.Equal(ErrorCode.BackendUnavailable, (await test.ReadAsync($"op://v/i/{i}")).Code);
        var asked = test.Backend.Calls.Count;
        Assert.InRange(asked, 2, 6);
        test.Backend.Answer = reference => RecordingBackend.Value(reference.Text);
        test.Clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal("op://v/i/x", (await test.ReadAsync("op://v/i/x")).Value);
    }

    [Fact]
    public async Task More_reads_than_the_bucket_holds_are_refused_and_cached_ones_never()
    {
        await using var test = new ReaderUnderTest(configure: options => options with
        {
            Limits = options.Limits with { BackendReadsBurst = 3, BackendReadsPerSecond = 1 },
        });
        test.Backend.Answer = reference => RecordingBackend.Value(reference.Text);
        var answers = await test.ReadManyAsync(References(5));
        Assert.Equal(3, answers.Count(answer => answer.Value is not null));
        Assert.Equal(2, answers.Count(answer => answer.Code == ErrorCode.RateLimited));
        for (var i = 0; i < 50; i++)
            Assert.True((await test.ReadAsync("op://v/i/f0")).FromCache);
    }
}
