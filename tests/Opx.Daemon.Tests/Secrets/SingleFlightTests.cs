using Opx.Daemon.Backends;
using Opx.Daemon.Sessions;
using Opx.Protocol;

namespace Opx.Daemon.Tests.Secrets;

public sealed class SingleFlightTests
{
    private const string Reference = "op://v/i/f";

    private static readonly BackendFailure Broken = new(ErrorCode.BackendError, "broken");

    [Fact]
    public async Task One_backend_call_answers_all_who_ask_at_once()
    {
        await using var test = new ReaderUnderTest();
        var reads = Enumerable.Range(0, 200).Select(_ => test.ReadAsync(Reference)).ToArray();
        await test.WaitForWaitersAsync(Reference, 200);
        (await test.Backend.CallAsync(0)).Land("!");

        Assert.All(await Task.WhenAll(reads), answer => Assert.Equal(Reference + "!", answer.Value));
        Assert.Single(test.Backend.Calls);
        Assert.Equal(199, test.Flights.Coalesced);
    }

    [Fact]
    public async Task A_leader_that_leaves_does_not_fail_the_others()
    {
        await using var test = new ReaderUnderTest();
        using var leader = new CancellationTokenSource();
        var first = test.ReadAsync(Reference, cancellation: leader.Token);
        var call = await test.Backend.CallAsync(0);
        var second = test.ReadAsync(Reference);
        await test.WaitForWaitersAsync(Reference, 2);

        await leader.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(call.Cancellation.IsCancellationRequested);
        call.Land();
        Assert.Equal(Reference, (await second).Value);
    }

    [Fact]
    public async Task The_last_to_leave_cancels_the_backend_call()
    {
        await using var test = new ReaderUnderTest();
        using var leaving = new CancellationTokenSource();
        var reads = Enumerable.Range(0, 3).Select(_ => test.ReadAsync(Reference, cancellation: leaving.Token)).ToArray();
        var call = await test.Backend.CallAsync(0);
        await test.WaitForWaitersAsync(Reference, 3);

        await leaving.CancelAsync();
        foreach (var read in reads)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.True(call.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task Whoever_comes_after_the_last_has_left_begins_anew()
    {
        await using var test = new ReaderUnderTest(new RecordingBackend(concurrentBatches: 2));
        using var leaving = new CancellationTokenSource();
        var first = test.ReadAsync(Reference, cancellation: leaving.Token);
        var abandoned = await test.Backend.CallAsync(0);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = test.ReadAsync(Reference);
        (await test.Backend.CallAsync(1)).Land("new");
        abandoned.Land("old");
        Assert.Equal(Reference + "new", (await second).Value);
        Assert.Equal(Reference + "new", (await test.ReadAsync(Reference)).Value);
    }

    [Fact]
    public async Task A_batch_goes_on_while_anybody_waits_for_any_of_it()
    {
        await using var test = new ReaderUnderTest();
        using var leaving = new CancellationTokenSource();
        var both = test.ReadManyAsync(["op://v/i/a", "op://v/i/b"], cancellation: leaving.Token);
        var call = await test.Backend.CallAsync(0);
        var one = test.ReadAsync("op://v/i/b");
        await test.WaitForWaitersAsync("op://v/i/b", 2);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => both);

        Assert.False(call.Cancellation.IsCancellationRequested);
        call.Land();
        Assert.Equal("op://v/i/b", (await one).Value);
    }

    [Fact]
    public async Task A_failure_goes_to_the_callers_of_that_flight_and_to_nobody_later()
    {
        await using var test = new ReaderUnderTest();
        var reads = Enumerable.Range(0, 5).Select(_ => test.ReadAsync(Reference)).ToArray();
        await test.WaitForWaitersAsync(Reference, 5);
        (await test.Backend.CallAsync(0)).Fail(Broken);
        Assert.All(await Task.WhenAll(reads), answer => Assert.Equal(ErrorCode.BackendError, answer.Code));

        var later = test.ReadAsync(Reference);
        (await test.Backend.CallAsync(1)).Land();
        Assert.Equal(Reference, (await later).Value);
    }

    [Fact]
    public async Task A_backend_that_throws_fails_its_callers_and_tells_them_nothing()
    {
        await using var test = new ReaderUnderTest();
        var read = test.ReadAsync(Reference);
        (await test.Backend.CallAsync(0)).Throw(new InvalidOperationException("hunter2"));
        Assert.Equal(ErrorCode.Internal, (await read).Code);
        test.Backend.Answer = _ => RecordingBackend.Value("x");
        Assert.Equal("x", (await test.ReadAsync(Reference)).Value);
    }

    [Fact]
    public async Task A_read_begun_before_an_invalidation_is_answered_but_not_kept()
    {
        await using var test = new ReaderUnderTest();
        var read = test.ReadAsync(Reference);
        var call = await test.Backend.CallAsync(0);
        test.Flights.Invalidate(new HashSet<string> { Reference });
        call.Land("old");
        Assert.Equal(Reference + "old", (await read).Value);
        Assert.Equal(0, test.Cache.Count);
    }

    [Fact]
    public async Task Nobody_joins_a_read_that_began_before_an_invalidation()
    {
        await using var test = new ReaderUnderTest(new RecordingBackend(concurrentBatches: 2));
        var before = test.ReadAsync(Reference);
        var old = await test.Backend.CallAsync(0);
        test.Flights.Invalidate(references: null);
        var after = test.ReadAsync(Reference);
        (await test.Backend.CallAsync(1)).Land("new");
        old.Land("old");

        Assert.Equal(Reference + "old", (await before).Value);
        Assert.Equal(Reference + "new", (await after).Value);
        Assert.Equal(Reference + "new", (await test.ReadAsync(Reference)).Value);
    }

    [Fact]
    public async Task A_read_that_no_backend_has_been_handed_yet_is_joined_after_an_invalidation_too()
    {
        await using var test = new ReaderUnderTest();
        var busy = test.ReadAsync("op://v/i/busy");
        var call = await test.Backend.CallAsync(0);
        var before = test.ReadAsync(Reference);
        test.Flights.Invalidate(references: null);
        var after = test.ReadAsync(Reference);
        call.Land();
        await busy;

        // Twice in one batch is what no backend has to expect.
        var next = await test.Backend.CallAsync(1);
        Assert.Equal([Reference], next.References);
        next.Land();
        Assert.All([await before, await after], answer => Assert.Equal(Reference, answer.Value));
    }

    [Fact]
    public async Task Nobody_joins_a_read_that_began_before_a_lock()
    {
        await using var test = new ReaderUnderTest(new RecordingBackend(concurrentBatches: 2));
        var before = test.ReadAsync(Reference);
        var old = await test.Backend.CallAsync(0);
        test.Session.Lock(LockReason.Backend);
        test.Session.TryUnlock(test.Session.Locks);
        var after = test.ReadAsync(Reference);
        (await test.Backend.CallAsync(1)).Land("new");
        old.Land("old");

        Assert.Equal(Reference + "old", (await before).Value);
        Assert.Equal(Reference + "new", (await after).Value);
    }

    [Fact]
    public async Task A_fresh_read_does_not_join_one_that_has_departed_and_is_not_overwritten_by_it()
    {
        await using var test = new ReaderUnderTest(new RecordingBackend(concurrentBatches: 2));
        var before = test.ReadAsync(Reference);
        var old = await test.Backend.CallAsync(0);
        var fresh = test.ReadAsync(Reference, fresh: true);
        (await test.Backend.CallAsync(1)).Land("new");
        Assert.Equal(Reference + "new", (await fresh).Value);
        old.Land("old");
        Assert.Equal(Reference + "old", (await before).Value);
        Assert.Equal(Reference + "new", (await test.ReadAsync(Reference)).Value);
    }

    [Fact]
    public async Task Fresh_reads_that_wait_for_the_same_batch_are_one_read()
    {
        await using var test = new ReaderUnderTest();
        var busy = test.ReadAsync("op://v/i/busy");
        var first = await test.Backend.CallAsync(0);
        var reads = Enumerable.Range(0, 10).Select(_ => test.ReadAsync(Reference, fresh: true)).ToArray();
        await test.WaitForWaitersAsync(Reference, 10);
        first.Land();
        await busy;
        (await test.Backend.CallAsync(1)).Land();
        await Task.WhenAll(reads);
        Assert.Equal(2, test.Backend.Calls.Count);
    }
}
