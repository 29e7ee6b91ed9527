using System.Text;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.OnePassword;
using Opx.Daemon.Interop;
using Opx.Protocol;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.OnePassword;

/// <summary>How a batch goes on after failures, by the number of calls it takes.</summary>
public sealed class BatchReadTests
{
    private const string Unknown = "the moon is in the wrong phase";
    private const string Unavailable = "error initializing client: connecting to desktop app: connecting to desktop app timed out";
    private readonly ManualClock _clock = new();
    private readonly ScriptedOp _op = new();
    private readonly Dictionary<string, string> _environment = new() { ["PATH"] = "/bin" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_reference_is_one_read_and_many_are_one_run()
    {
        string[] many = [.. Good(50)];
        _op.Give(many);
        await ReadAsync([many[0]]);
        var outcomes = await ReadAsync(many, "work");

        Assert.Equal(2, _op.Calls.Count);
        Assert.Equal(["read", many[0]], _op.Commands[0].Arguments);
        Assert.Equal(["run", "--account", "work", "--no-masking", "--", "env", "-0"], _op.Commands[1].Arguments);
        Assert.Equal(many.Select(reference => "value of " + reference), outcomes);
    }

    [Fact]
    public async Task Three_named_bad_ones_among_fifty_cost_three_more_calls_and_the_others_nothing()
    {
        string[] good = [.. Good(50)];
        string[] bad = ["op://A/x/f", "op://B/x/f", "op://C/x/f"];
        _op.Give(good);
        foreach (var reference in bad)
            _op.Fail(reference, Missing(reference));
        var outcomes = await ReadAsync([.. good[..20], bad[0], .. good[20..40], bad[1], .. good[40..], bad[2]]);

        Assert.Equal(4, _op.Calls.Count);
        Assert.Equal(50, outcomes.Count(outcome => outcome.StartsWith("value of ")));
        Assert.Equal(["not_found", "not_found", "not_found"], [outcomes[20], outcomes[41], outcomes[52]]);
    }

    [Fact]
    public async Task Unnamed_bad_ones_are_found_by_halving()
    {
        string[] good = [.. Good(97)];
        _op.Give(good);
        foreach (var bad in (string[])["op://A/x/f", "op://B/x/f", "op://C/x/f"])
            _op.Fail(bad, Unknown);
        var outcomes = await ReadAsync(["op://A/x/f", .. good[..50], "op://B/x/f", .. good[50..], "op://C/x/f"]);

        Assert.Equal(97, outcomes.Count(outcome => outcome.StartsWith("value of ")));
        Assert.Equal(["backend_error", "backend_error", "backend_error"], [outcomes[0], outcomes[51], outcomes[99]]);
        Assert.InRange(_op.Calls.Count, 4, 3 * 7 * 2);
    }

    [Fact]
    public async Task Bad_ones_of_a_missing_vault_go_together()
    {
        string[] good = [.. Good(5)];
        string[] gone = ["op://gone/a/f", "op://gone/b/f", "op://gone/c/f"];
        _op.Give(good);
        foreach (var reference in gone)
            _op.Fail(reference, $"could not read secret '{reference}': could not get item gone/x: \"gone\" isn't a vault in this account. Specify it.");
        var outcomes = await ReadAsync([.. good, .. gone]);

        Assert.Equal(2, _op.Calls.Count);
        Assert.All(outcomes[5..], outcome => Assert.Equal("not_found", outcome));
    }

    [Fact]
    public async Task A_reference_that_begins_like_a_bad_one_is_not_blamed()
    {
        _op.Give("op://V/i/pass", "1").Give("op://V/i/password 2", "2").Fail("op://V/i/password", Missing("op://V/i/password"));

        Assert.Equal(["1", "not_found", "2"], await ReadAsync(["op://V/i/pass", "op://V/i/password", "op://V/i/password 2"]));
    }

    [Theory]
    [InlineData("error initializing client: You are not currently signed in.", "sign_in_required")]
    [InlineData("error initializing client: authorization prompt dismissed, please try again", "prompt_dismissed")]
    [InlineData("(429) Too Many Requests: Please retry in 58 minutes", "rate_limited")]
    public async Task A_failure_of_the_account_ends_the_batch_at_once_for_all_that_are_open(string message, string code)
    {
        string[] good = [.. Good(8)];
        _op.Give(good).Fail("op://A/x/f", Missing("op://A/x/f")).NextMessage(Missing("op://A/x/f")).NextMessage(message);
        var outcomes = await ReadAsync(["op://A/x/f", .. good, "op://V/$odd/f"]);

        Assert.Equal(2, _op.Calls.Count);
        Assert.Equal("not_found", outcomes[0]);
        Assert.All(outcomes[1..], outcome => Assert.Equal(code, outcome));
    }

    [Fact]
    public async Task A_killed_op_is_not_asked_again()
    {
        string[] good = [.. Good(8)];
        _op.Give(good).Next(ProcessEnd.Signalled, 9);

        Assert.All(await ReadAsync(good), outcome => Assert.Equal("backend_error", outcome));
        Assert.Single(_op.Calls);
    }

    [Fact]
    public async Task What_may_pass_is_tried_two_more_times_with_a_pause()
    {
        string[] good = [.. Good(3)];
        _op.Give(good).NextMessage(Unavailable).NextMessage(Unavailable);
        var reading = ReadAsync(good);
        await PassPausesAsync(reading);

        Assert.All(await reading, outcome => Assert.StartsWith("value of ", outcome));
        Assert.Equal(3, _op.Calls.Count);
    }

    [Fact]
    public async Task After_the_third_failure_it_is_unavailable()
    {
        string[] good = [.. Good(3)];
        _op.Give(good).NextMessage(Unavailable).Next(ProcessEnd.NotStarted, 24).NextMessage(Unavailable);
        var reading = ReadAsync(good);
        await PassPausesAsync(reading);

        Assert.All(await reading, outcome => Assert.Equal("backend_unavailable", outcome));
        Assert.Equal(3, _op.Calls.Count);
    }

    [Theory]
    [InlineData(Errno.NoEntry)]
    [InlineData(Errno.Access)]
    [InlineData(Errno.NotExecutable)]
    public async Task An_op_that_cannot_be_executed_is_unavailable_without_another_try(int error)
    {
        _op.Next(ProcessEnd.NotStarted, error);
        var outcome = Assert.Single(await OutcomesAsync(["op://V/i/f"], null));

        Assert.Equal(ErrorCode.BackendUnavailable, outcome.Failure!.Code);
        Assert.Contains("OPX_OP_PATH", outcome.Failure.Detail);
        Assert.Single(_op.Calls);
    }

    [Fact]
    public async Task A_value_too_large_for_the_environment_is_read_alone_now_and_next_time()
    {
        string[] good = [.. Good(7)];
        _op.MostBytes = 100_000;
        _op.Give(good).Give("op://V/i/large", new string('x', 200_000));
        var backend = Backend();
        var first = await ReadAsync([.. good, "op://V/i/large"], backend: backend);
        Assert.Equal(200_000, first[7].Length);
        Assert.All(first[..7], outcome => Assert.StartsWith("value of ", outcome));
        _op.Calls.Clear();

        var second = await ReadAsync([.. good, "op://V/i/large"], backend: backend);
        Assert.Equal(first, second);
        Assert.Equal([7, 1], _op.Calls.Select(call => call.Length));
    }

    [Fact]
    public async Task More_output_than_the_limit_halves_the_batch_and_is_too_large_for_one()
    {
        string[] good = [.. Good(2)];
        _op.Give(good).Next(ProcessEnd.TooMuchOutput, 0).Next(ProcessEnd.TooMuchOutput, 0);

        Assert.Equal(["too_large", "value of " + good[1]], await ReadAsync(good));
        Assert.Equal(3, _op.Calls.Count);
    }

    [Fact]
    public async Task A_machine_on_which_everything_fails_does_not_start_hundreds()
    {
        string[] all = [.. Good(500)];
        foreach (var reference in all)
            _op.Fail(reference, Unknown);
        var outcomes = await OutcomesAsync(all, null);

        Assert.Equal(BatchRead.FailureBudget, _op.Calls.Count);
        Assert.All(outcomes, outcome => Assert.Equal(ErrorCode.BackendError, outcome.Failure!.Code));
    }

    [Fact]
    public async Task Who_was_not_asked_for_is_not_told_that_it_does_not_exist()
    {
        string[] all = [.. Good(100)];
        foreach (var reference in all)
            _op.Fail(reference, Missing(reference));
        var outcomes = await ReadAsync(all);

        Assert.Equal(BatchRead.FailureBudget, outcomes.Count(outcome => outcome == "not_found"));
        Assert.Equal(100 - BatchRead.FailureBudget, outcomes.Count(outcome => outcome == "backend_error"));
    }

    [Fact]
    public async Task What_op_could_put_variables_into_never_goes_through_the_environment()
    {
        string[] odd = ["op://V/$HOME/f", "op://V/${X}/f", "op://V/{{x}}/f", "op://V/it's/f"];
        string[] good = [.. Good(3)];
        _op.Give(odd).Give(good);
        var outcomes = await ReadAsync([odd[0], .. good, .. odd[1..]]);

        Assert.All(outcomes, outcome => Assert.StartsWith("value of ", outcome));
        Assert.Equal([3, 1, 1, 1, 1], _op.Calls.Select(call => call.Length));
    }

    [Fact]
    public async Task What_is_no_reference_of_1Password_is_answered_without_asking()
    {
        Assert.Equal(["unsupported_ref", "unsupported_ref"], await ReadAsync(["V/i/f", "op://V/i"]));
        Assert.Empty(_op.Calls);
    }

    [Fact]
    public async Task A_reference_that_was_passed_through_unresolved_is_a_failure_of_its_own()
    {
        _op.Give("op://V/i/a", "op://V/i/a").Give("op://V/i/b", "2");

        Assert.Equal(["backend_error", "2"], await ReadAsync(["op://V/i/a", "op://V/i/b"]));
    }

    [Theory]
    [InlineData("value")]
    [InlineData("")]
    public async Task A_read_without_the_final_newline_is_an_error_and_no_shorter_value(string output)
    {
        _op.Next(() => ScriptedOp.Output(output));

        Assert.Equal(["backend_error"], await ReadAsync(["op://V/i/f"]));
    }

    [Theory]
    [InlineData("\n", "")]
    [InlineData("a\n\n\n", "a\n\n")]
    [InlineData("a\r\n", "a\r")]
    public async Task Exactly_one_newline_is_taken_off(string output, string value)
    {
        _op.Next(() => ScriptedOp.Output(output));

        Assert.Equal([value], await ReadAsync(["op://V/i/f"]));
    }

    [Theory]
    [InlineData(null, 120)]
    [InlineData("OP_SERVICE_ACCOUNT_TOKEN", 20)]
    [InlineData("OP_CONNECT_HOST", 20)]
    public async Task The_time_limit_is_the_batch_s_and_leaves_what_has_come(string? variable, int seconds)
    {
        if (variable is not null)
            _environment[variable] = "x";
        _op.Give("op://V/i/a", "1").Give("op://V/i/$b", "2").HangFrom = 2;
        var reading = ReadAsync(["op://V/i/a", "op://V/i/$b"]);
        await _op.Hung;
        _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.False(reading.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(["1", "backend_timeout"], await reading);
    }

    [Fact]
    public async Task A_batch_that_nobody_waits_for_any_more_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        _op.HangFrom = 1;
        var reading = Backend().ReadAsync(new BackendBatch([Refs.Reference("op://V/i/a")], null), cancel.Token);
        await _op.Hung;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task What_is_spent_is_counted_and_shown()
    {
        string[] good = [.. Good(10)];
        _op.Give(good);
        var backend = Backend();
        await ReadAsync(good, backend: backend);
        await ReadAsync([good[0]], backend: backend);

        Assert.Equal(new BackendStatus("opcli", "ready", null, 2, 2, 2, 11), backend.Status());
    }

    [Fact]
    public async Task Without_op_every_read_says_what_to_do_and_nothing_is_started()
    {
        var backend = new OnePasswordBackend(new OnePasswordOptions(null, "no op: install it", _environment), _op, _clock);
        var outcomes = await backend.ReadAsync(new BackendBatch([Refs.Reference("op://V/i/a"), Refs.Reference("op://V/i/b")], null), Cancellation);

        Assert.All(outcomes, outcome => Assert.Equal(new BackendFailure(ErrorCode.BackendUnavailable, "no op: install it"), outcome.Failure));
        Assert.Equal("not_configured", backend.Status().State);
        Assert.Equal(ErrorCode.BackendUnavailable, (await backend.CheckSignInAsync(null, Cancellation))?.Code);
        Assert.Empty(_op.Calls);
    }

    [Fact]
    public void Where_a_person_is_asked_one_process_runs_at_a_time()
    {
        Assert.Equal(1, Backend().ConcurrentBatches);
        _environment["OP_SERVICE_ACCOUNT_TOKEN"] = "ops_x";
        Assert.True(Backend().ConcurrentBatches > 1);
    }

    private static IEnumerable<string> Good(int count) => Enumerable.Range(0, count).Select(number => $"op://V/item {number}/password");

    private static string Missing(string reference)
    {
        var parts = reference.Split('/');
        return $"could not read secret '{reference}': item '{parts[2]}/{parts[3]}' does not have a field '{parts[4]}'";
    }

    private async Task PassPausesAsync(Task reading)
    {
        // The batch's own limit is one timer; a second one is a pause.
        while (await Task.WhenAny(reading, _clock.WaitForTimersAsync(2)) != reading)
            _clock.Advance(TimeSpan.FromSeconds(1));
    }

    private OnePasswordBackend Backend() => new(new OnePasswordOptions("/usr/bin/op", null, _environment), _op, _clock);

    private async Task<BackendOutcome[]> OutcomesAsync(string[] references, string? account, OnePasswordBackend? backend = null) =>
        [.. await (backend ?? Backend()).ReadAsync(new BackendBatch([.. references.Select(Refs.Reference)], account), Cancellation)];

    private async Task<string[]> ReadAsync(string[] references, string? account = null, OnePasswordBackend? backend = null)
    {
        var outcomes = await OutcomesAsync(references, account, backend);
        Assert.Equal(references.Length, outcomes.Length);
        return [.. outcomes.Select(outcome =>
        {
            using var value = outcome.Value;
            Assert.True(value is null != outcome.Failure is null);
            return value is null ? outcome.Failure!.Code.Name() : Encoding.UTF8.GetString(value.Bytes);
        })];
    }
}
