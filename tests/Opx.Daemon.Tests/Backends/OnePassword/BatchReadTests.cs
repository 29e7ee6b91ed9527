using Opx.Daemon.Backends.OnePassword;
using Opx.Daemon.Interop;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Tests.Backends.OnePassword;

/// <summary>How a batch goes on after failures, by the number of calls it takes.</summary>
public sealed class BatchReadTests
{
    private const string Unknown = "the moon is in the wrong phase";
    private const string Unavailable = "error initializing client: connecting to desktop app: connecting to desktop app timed out";
    private readonly ScriptedBackend _backend = new();

    private ScriptedOp Op => _backend.Op;

    [Fact]
    public async Task One_reference_is_one_read_and_many_are_one_run()
    {
        string[] many = [.. Refs.Good(50)];
        Op.Give(many);
        await _backend.ReadAsync([many[0]]);
        var outcomes = await _backend.ReadAsync(many, "work");

        Assert.Equal(2, Op.Calls.Count);
        Assert.Equal(["read", many[0]], Op.Commands[0].Arguments);
        Assert.Equal(["run", "--account", "work", "--no-masking", "--", "env", "-0"], Op.Commands[1].Arguments);
        Assert.Equal(many.Select(reference => "value of " + reference), outcomes);
    }

    [Fact]
    public async Task Three_named_bad_ones_among_fifty_cost_three_more_calls_and_the_others_nothing()
    {
        string[] good = [.. Refs.Good(50)];
        string[] bad = ["op://A/x/f", "op://B/x/f", "op://C/x/f"];
        Op.Give(good);
        foreach (var reference in bad)
            Op.Fail(reference, Missing(reference));
        var outcomes = await _backend.ReadAsync([.. good[..20], bad[0], .. good[20..40], bad[1], .. good[40..], bad[2]]);

        Assert.Equal(4, Op.Calls.Count);
        Assert.Equal(50, outcomes.Count(outcome => outcome.StartsWith("value of ")));
        Assert.Equal(["not_found", "not_found", "not_found"], [outcomes[20], outcomes[41], outcomes[52]]);
    }

    [Fact]
    public async Task Unnamed_bad_ones_are_found_by_halving()
    {
        string[] good = [.. Refs.Good(97)];
        Op.Give(good);
        foreach (var bad in (string[])["op://A/x/f", "op://B/x/f", "op://C/x/f"])
            Op.Fail(bad, Unknown);
        var outcomes = await _backend.ReadAsync(["op://A/x/f", .. good[..50], "op://B/x/f", .. good[50..], "op://C/x/f"]);

        Assert.Equal(97, outcomes.Count(outcome => outcome.StartsWith("value of ")));
        Assert.Equal(["backend_error", "backend_error", "backend_error"], [outcomes[0], outcomes[51], outcomes[99]]);
        Assert.InRange(Op.Calls.Count, 4, 3 * 7 * 2);
    }

    [Fact]
    public async Task Bad_ones_of_a_missing_vault_go_together()
    {
        string[] good = [.. Refs.Good(5)];
        string[] gone = ["op://gone/a/f", "op://gone/b/f", "op://gone/c/f"];
        Op.Give(good);
        foreach (var reference in gone)
            Op.Fail(reference, $"could not read secret '{reference}': could not get item gone/x: \"gone\" isn't a vault in this account.");
        var outcomes = await _backend.ReadAsync([.. good, .. gone]);

        Assert.Equal(2, Op.Calls.Count);
        Assert.All(outcomes[5..], outcome => Assert.Equal("not_found", outcome));
    }

    [Fact]
    public async Task A_reference_that_begins_like_a_bad_one_is_not_blamed()
    {
        Op.Give("op://V/i/pass", "1").Give("op://V/i/password 2", "2").Fail("op://V/i/password", Missing("op://V/i/password"));

        Assert.Equal(["1", "not_found", "2"], await _backend.ReadAsync(["op://V/i/pass", "op://V/i/password", "op://V/i/password 2"]));
    }

    [Theory]
    [InlineData("error initializing client: You are not currently signed in.", "sign_in_required")]
    [InlineData("error initializing client: authorization prompt dismissed, please try again", "prompt_dismissed")]
    [InlineData("(429) Too Many Requests: Please retry in 58 minutes", "rate_limited")]
    public async Task A_failure_of_the_account_ends_the_batch_at_once_for_all_that_are_open(string message, string code)
    {
        string[] good = [.. Refs.Good(8)];
        Op.Give(good).Fail("op://A/x/f", Missing("op://A/x/f")).NextMessage(Missing("op://A/x/f")).NextMessage(message);
        var outcomes = await _backend.ReadAsync(["op://A/x/f", .. good, "op://V/$odd/f"]);

        Assert.Equal(2, Op.Calls.Count);
        Assert.Equal("not_found", outcomes[0]);
        Assert.All(outcomes[1..], outcome => Assert.Equal(code, outcome));
    }

    [Fact]
    public async Task A_killed_op_is_not_asked_again()
    {
        string[] good = [.. Refs.Good(8)];
        Op.Give(good).Next(ProcessEnd.Signalled, 9);

        Assert.All(await _backend.ReadAsync(good), outcome => Assert.Equal("backend_error", outcome));
        Assert.Single(Op.Calls);
    }

    [Fact]
    public async Task What_may_pass_is_tried_two_more_times_with_a_pause()
    {
        string[] good = [.. Refs.Good(3)];
        Op.Give(good).NextMessage(Unavailable).NextMessage(Unavailable);
        var reading = _backend.ReadAsync(good);
        await _backend.PassPausesAsync(reading);

        Assert.All(await reading, outcome => Assert.StartsWith("value of ", outcome));
        Assert.Equal(3, Op.Calls.Count);
    }

    [Fact]
    public async Task After_the_third_failure_it_is_unavailable()
    {
        string[] good = [.. Refs.Good(3)];
        Op.Give(good).NextMessage(Unavailable).Next(ProcessEnd.NotStarted, 24).NextMessage(Unavailable);
        var reading = _backend.ReadAsync(good);
        await _backend.PassPausesAsync(reading);

        Assert.All(await reading, outcome => Assert.Equal("backend_unavailable", outcome));
        Assert.Equal(3, Op.Calls.Count);
    }

    [Theory]
    [InlineData(Errno.NoEntry)]
    [InlineData(Errno.Access)]
    [InlineData(Errno.NotExecutable)]
    public async Task An_op_that_cannot_be_executed_is_unavailable_without_another_try(int error)
    {
        Op.Next(ProcessEnd.NotStarted, error);
        var outcome = Assert.Single(await _backend.OutcomesAsync(["op://V/i/f"]));

        Assert.Equal(ErrorCode.BackendUnavailable, outcome.Failure!.Code);
        Assert.Contains("OPX_OP_PATH", outcome.Failure.Detail);
        Assert.Single(Op.Calls);
    }

    [Fact]
    public async Task A_value_too_large_for_the_environment_is_read_alone_now_and_next_time()
    {
        string[] good = [.. Refs.Good(7)];
        Op.MostBytes = 100_000;
        Op.Give(good).Give("op://V/i/large", new string('x', 200_000));
        var backend = _backend.Create();
        var first = await _backend.ReadAsync([.. good, "op://V/i/large"], backend: backend);
        Assert.Equal(200_000, first[7].Length);
        Assert.All(first[..7], outcome => Assert.StartsWith("value of ", outcome));
        Op.Calls.Clear();

        var second = await _backend.ReadAsync([.. good, "op://V/i/large"], backend: backend);
        Assert.Equal(first, second);
        Assert.Equal([7, 1], Op.Calls.Select(call => call.Length));
    }

    [Fact]
    public async Task More_output_than_the_limit_halves_the_batch_and_is_too_large_for_one()
    {
        string[] good = [.. Refs.Good(2)];
        Op.Give(good).Next(ProcessEnd.TooMuchOutput, 0).Next(ProcessEnd.TooMuchOutput, 0);

        Assert.Equal(["too_large", "value of " + good[1]], await _backend.ReadAsync(good));
        Assert.Equal(3, Op.Calls.Count);
    }

    [Fact]
    public async Task A_machine_on_which_everything_fails_does_not_start_hundreds()
    {
        string[] all = [.. Refs.Good(500)];
        foreach (var reference in all)
            Op.Fail(reference, Unknown);
        var outcomes = await _backend.OutcomesAsync(all);

        Assert.Equal(BatchRead.FailureBudget, Op.Calls.Count);
        Assert.All(outcomes, outcome => Assert.Equal(ErrorCode.BackendError, outcome.Failure!.Code));
    }

    [Fact]
    public async Task Who_was_not_asked_for_is_not_told_that_it_does_not_exist()
    {
        string[] all = [.. Refs.Good(100)];
        foreach (var reference in all)
            Op.Fail(reference, Missing(reference));
        var outcomes = await _backend.ReadAsync(all);

        Assert.Equal(BatchRead.FailureBudget, outcomes.Count(outcome => outcome == "not_found"));
        Assert.Equal(100 - BatchRead.FailureBudget, outcomes.Count(outcome => outcome == "backend_error"));
    }

    private static string Missing(string reference)
    {
        var parts = reference.Split('/');
        return $"could not read secret '{reference}': item '{parts[2]}/{parts[3]}' does not have a field '{parts[4]}'";
    }
}
