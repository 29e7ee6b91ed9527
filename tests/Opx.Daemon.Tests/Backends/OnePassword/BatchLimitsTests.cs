using Opx.Daemon.Backends;
using Opx.Daemon.Backends.OnePassword;
using Opx.Protocol;

namespace Opx.Daemon.Tests.Backends.OnePassword;

/// <summary>What is asked and how, what counts as an answer, and when a batch is over.</summary>
public sealed class BatchLimitsTests
{
    private readonly ScriptedBackend _backend = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ScriptedOp Op => _backend.Op;

    [Fact]
    public async Task What_op_could_put_variables_into_never_goes_through_the_environment()
    {
        string[] odd = ["op://V/$HOME/f", "op://V/${X}/f", "op://V/{{x}}/f", "op://V/it's/f"];
        string[] good = [.. Refs.Good(3)];
        Op.Give(odd).Give(good);
        var outcomes = await _backend.ReadAsync([odd[0], .. good, .. odd[1..]]);

        Assert.All(outcomes, outcome => Assert.StartsWith("value of ", outcome));
        Assert.Equal([3, 1, 1, 1, 1], Op.Calls.Select(call => call.Length));
    }

    [Fact]
    public async Task What_is_no_reference_of_1Password_is_answered_without_asking()
    {
        Assert.Equal(["unsupported_ref", "unsupported_ref"], await _backend.ReadAsync(["V/i/f", "op://V/i"]));
        Assert.Empty(Op.Calls);
    }

    [Fact]
    public async Task A_reference_that_was_passed_through_unresolved_is_a_failure_of_its_own()
    {
        Op.Give("op://V/i/a", "op://V/i/a").Give("op://V/i/b", "2");

        Assert.Equal(["backend_error", "2"], await _backend.ReadAsync(["op://V/i/a", "op://V/i/b"]));
    }

    [Theory]
    [InlineData("op://V/i/f")]
    [InlineData("OP://V/i/f")]
    public async Task A_lone_reference_that_op_only_repeats_is_no_value_of_its_own(string reference)
    {
        Op.Next(() => ScriptedOp.Output("op://V/i/f\n"));

        Assert.Equal(["backend_error"], await _backend.ReadAsync([reference]));
    }

    [Theory]
    [InlineData("value")]
    [InlineData("")]
    public async Task A_read_without_the_final_newline_is_an_error_and_no_shorter_value(string output)
    {
        Op.Next(() => ScriptedOp.Output(output));

        Assert.Equal(["backend_error"], await _backend.ReadAsync(["op://V/i/f"]));
    }

    [Theory]
    [InlineData("\n", "")]
    [InlineData("a\n\n\n", "a\n\n")]
    [InlineData("a\r\n", "a\r")]
    public async Task Exactly_one_newline_is_taken_off(string output, string value)
    {
        Op.Next(() => ScriptedOp.Output(output));

        Assert.Equal([value], await _backend.ReadAsync(["op://V/i/f"]));
    }

    [Theory]
    [InlineData(null, 120)]
    [InlineData("OP_SERVICE_ACCOUNT_TOKEN", 20)]
    [InlineData("OP_CONNECT_HOST", 20)]
    public async Task The_time_limit_is_the_batch_s_and_leaves_what_has_come(string? variable, int seconds)
    {
        if (variable is not null)
            _backend.Environment[variable] = "x";
        Op.Give("op://V/i/a", "1").Give("op://V/i/$b", "2").HangFrom = 2;
        var reading = _backend.ReadAsync(["op://V/i/a", "op://V/i/$b"]);
        await Op.Hung;
        _backend.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.False(reading.IsCompleted);
        _backend.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(["1", "backend_timeout"], await reading);
    }

    [Fact]
    public async Task A_batch_that_nobody_waits_for_any_more_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        Op.HangFrom = 1;
        var reading = _backend.Create().ReadAsync(new BackendBatch([Refs.Reference("op://V/i/a")], null), cancel.Token);
        await Op.Hung;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task What_is_spent_is_counted_and_shown()
    {
        string[] good = [.. Refs.Good(10)];
        Op.Give(good);
        var backend = _backend.Create();
        await _backend.ReadAsync(good, backend: backend);
        await _backend.ReadAsync([good[0]], backend: backend);

        Assert.Equal(new BackendStatus("opcli", "ready", null, 2, 2, 2, 11), backend.Status());
    }

    [Fact]
    public async Task Without_op_every_read_says_what_to_do_and_nothing_is_started()
    {
        var backend = _backend.Create(new OnePasswordOptions(null, "no op: install it", _backend.Environment));
        var outcomes = await _backend.OutcomesAsync(["op://V/i/a", "op://V/i/b"], backend: backend);

        var failure = new BackendFailure(ErrorCode.BackendUnavailable, "no op: install it");
        Assert.Equal([failure, failure], outcomes.Select(outcome => outcome.Failure));
        Assert.Equal("not_configured", backend.Status().State);
        Assert.Equal(ErrorCode.BackendUnavailable, (await backend.CheckSignInAsync(null, Cancellation))?.Code);
        Assert.Empty(Op.Calls);
    }

    [Fact]
    public void One_process_runs_at_a_time() => Assert.Equal(1, _backend.Create().ConcurrentBatches);
}
