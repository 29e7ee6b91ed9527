using System.Text;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.OnePassword;
using Opx.Daemon.Interop;
using Opx.Protocol;
using Opx.TestKit;
using Opx.TestKit.OnePassword;

namespace Opx.Daemon.Tests.Backends.OnePassword;

/// <summary>The backend against real processes of the double.</summary>
[Collection(RealProcesses.Name)]
public sealed class OnePasswordBackendTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly FakeOp _op = new();
    private readonly ManualClock _clock = new();
    private readonly Dictionary<string, string> _environment;

    public OnePasswordBackendTests() => _environment = _op.Environment;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[]> HostileValues => new()
    {
        { "newlines at the end", "a\n\n\n"u8.ToArray() },
        { "only newlines", "\n\n"u8.ToArray() },
        { "a line that looks like a variable", "x\nOTHER=y\nOPX_0=z\n"u8.ToArray() },
        { "a template", "{{ op://V/i/other }}"u8.ToArray() },
        { "control bytes", Enumerable.Range(1, 31).Select(number => (byte)number).ToArray() },
        { "carriage returns", "a\r\nb\r"u8.ToArray() },
        { "bidi marks", "abc\u202edef\u2066\u200f"u8.ToArray() },
        { "invalid UTF-8", [0xff, 0xfe, 0x80, 0xc3, 0x28] },
        { "every byte but NUL", Enumerable.Range(1, 255).Select(number => (byte)number).ToArray() },
        { "64 KiB", Enumerable.Range(0, 65536).Select(number => (byte)(number % 255 + 1)).ToArray() },
        { "nothing", [] },
        { "a shell's words", "$(touch x) `id` ${HOME} '\" \\ ; & |"u8.ToArray() },
        { "spaces", "  x  "u8.ToArray() },
        { "a dash", "-n"u8.ToArray() },
    };

    public void Dispose() => _op.Dispose();

    [Theory]
    [MemberData(nameof(HostileValues))]
    public async Task Values_come_byte_for_byte_alone_and_in_a_batch(string what, byte[] value)
    {
        _op.Set("op://V/i/hostile", value).Set("op://V/i/other", "other");
        var alone = await ReadAsync("op://V/i/hostile");
        var together = await ReadAsync("op://V/i/other", "op://V/i/hostile");

        Assert.True(what.Length > 0);
        Assert.Equal(value, Bytes(alone[0]));
        Assert.Equal("other", Text(together[0]));
        Assert.Equal(value, Bytes(together[1]));
        Assert.Equal(["read op://V/i/hostile", "run --no-masking -- env -0"], _op.Calls);
    }

    [Fact]
    public async Task Fifty_good_and_three_bad_cost_four_processes()
    {
        string[] good = [.. Enumerable.Range(0, 50).Select(number => $"op://Work/item {number}/password")];
        foreach (var reference in good)
            _op.Set(reference, "value of " + reference);
        var outcomes = await ReadAsync(
            [.. good[..25], "op://nowhere/a/b", "op://Work/nope/password", .. good[25..], "op://Work/item 7/nope"]);

        Assert.Equal(50, outcomes.Count(outcome => outcome.Value is not null));
        Assert.Equal([25, 26, 52], Enumerable.Range(0, 53).Where(place => outcomes[place].Failure?.Code == ErrorCode.NotFound));
        Assert.Equal("value of " + good[49], Text(outcomes[51]));
        Assert.Equal(4, _op.Calls.Count);
    }

    [Theory]
    [InlineData("signed-out", ErrorCode.SignInRequired, 1)]
    [InlineData("no-session", ErrorCode.SignInRequired, 1)]
    [InlineData("no-account", ErrorCode.SignInRequired, 1)]
    [InlineData("empty-client-error", ErrorCode.SignInRequired, 1)]
    [InlineData("unauthorized", ErrorCode.SignInRequired, 1)]
    [InlineData("dismissed", ErrorCode.PromptDismissed, 1)]
    [InlineData("prompt-timeout", ErrorCode.PromptDismissed, 1)]
    [InlineData("rate-limited", ErrorCode.RateLimited, 1)]
    [InlineData("crash", ErrorCode.BackendError, 1)]
    [InlineData("silent", ErrorCode.BackendError, 3)]
    [InlineData("truncated", ErrorCode.BackendError, 3)]
    [InlineData("unknown", ErrorCode.BackendError, 3)]
    [InlineData("forbidden", ErrorCode.AccessDenied, 3)]
    [InlineData("noisy", ErrorCode.BackendError, 3)]
    [InlineData("megabytes", ErrorCode.TooLarge, 3)]
    [InlineData("unresolved", ErrorCode.BackendError, 1)]
    public async Task Every_way_op_fails_is_a_typed_failure(string mode, ErrorCode code, int processes)
    {
        _op.Set("op://V/i/a", "1").Set("op://V/i/b", "2").Mode(mode);
        var outcomes = await ReadAsync("op://V/i/a", "op://V/i/b");

        Assert.All(outcomes, outcome => Assert.Equal(code, outcome.Failure?.Code));
        Assert.Equal(processes, _op.Calls.Count);
    }

    [Theory]
    [InlineData("op://V/i/f", "item 'V/i' does not have a field 'f'", ErrorCode.NotFound)]
    [InlineData("op://V/i/f", "could not get item V/i: More than one item matches \"i\". Try again:\n\t* i", ErrorCode.Ambiguous)]
    [InlineData("op://V/i/f", "!invalid secret reference 'op://V/i/f': no", ErrorCode.UnsupportedRef)]
    [InlineData("op://V/i/f", "!the moon is in the wrong phase", ErrorCode.BackendError)]
    public async Task A_bad_reference_does_not_touch_its_neighbour(string reference, string message, ErrorCode code)
    {
        _op.Set("op://V/other/f", "good").Fail(reference, message);
        var outcomes = await ReadAsync(reference, "op://V/other/f");

        Assert.Equal(code, outcomes[0].Failure?.Code);
        Assert.Equal("good", Text(outcomes[1]));
        Assert.DoesNotContain("moon", outcomes[0].Failure!.Detail);
    }

    [Fact]
    public async Task The_quota_s_delay_is_handed_on()
    {
        _op.Mode("rate-limited 3 minutes");

        Assert.Equal(TimeSpan.FromMinutes(3), (await ReadAsync("op://V/i/a"))[0].Failure?.RetryAfter);
    }

    [Fact]
    public async Task A_value_that_the_kernel_does_not_pass_is_read_alone()
    {
        var large = new byte[200_000];
        Array.Fill(large, (byte)'x');
        _op.Set("op://V/i/a", "1").Set("op://V/i/large", large);
        var backend = Backend();
        var first = await ReadAsync(backend, "op://V/i/a", "op://V/i/large");
        Assert.Equal(large, Bytes(first[1]));
        Assert.Equal(["run --no-masking -- env -0", "read op://V/i/a", "read op://V/i/large"], _op.Calls);
        _op.Forget();

        var second = await ReadAsync(backend, "op://V/i/a", "op://V/i/large");
        Assert.Equal("1", Text(second[0]));
        Assert.Equal(large, Bytes(second[1]));
        Assert.Equal(2, _op.Calls.Count);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("prompt")]
    public async Task A_hanging_op_is_killed_when_the_time_is_up(string mode)
    {
        _op.Mode(mode);
        var reading = ReadAsync("op://V/i/a", "op://V/i/b");
        await StartedAsync();
        _clock.Advance(TimeSpan.FromSeconds(120));
        var outcomes = await reading.WaitAsync(Patience, Cancellation);

        Assert.All(outcomes, outcome => Assert.Equal(ErrorCode.BackendTimeout, outcome.Failure?.Code));
        Assert.False(Directory.Exists($"/proc/{_op.ProcessIds[0]}"));
    }

    [Fact]
    public async Task A_prompt_that_is_answered_gives_the_value_and_a_dismissed_one_is_reported()
    {
        _op.Set("op://V/i/a", "1").Mode("prompt");
        var reading = ReadAsync("op://V/i/a");
        Assert.True(SpinWait.SpinUntil(() => _op.HasPrompted, Patience));
        _op.Answer();
        Assert.Equal("1", Text((await reading)[0]));

        _op.Answer(dismiss: true);
        Assert.Equal(ErrorCode.PromptDismissed, (await ReadAsync("op://V/i/a"))[0].Failure?.Code);
        Assert.Equal(2, _op.Calls.Count);
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_process()
    {
        using var cancel = new CancellationTokenSource();
        _op.Mode("hang");
        var reading = Backend().ReadAsync(new BackendBatch([Refs.Reference("op://V/i/a")], null), cancel.Token);
        await StartedAsync();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Patience, Cancellation));
        Assert.False(Directory.Exists($"/proc/{_op.ProcessIds[0]}"));
    }

    [Fact]
    public async Task A_grandchild_on_the_pipe_keeps_no_value_back()
    {
        _op.Set("op://V/i/a", "1").Set("op://V/i/b", "2").Mode("grandchild");
        var outcomes = await ReadAsync("op://V/i/a", "op://V/i/b").WaitAsync(Patience, Cancellation);

        Assert.Equal("2", Text(outcomes[1]));
        Assert.Equal("1", Text((await ReadAsync("op://V/i/a").WaitAsync(Patience, Cancellation))[0]));
    }

    [Fact]
    public async Task Accounts_are_asked_apart()
    {
        _op.Set("op://V/i/a", "mine", "my").Set("op://V/i/a", "theirs", "their.1password.com");

        Assert.Equal("mine", Text((await Backend().ReadAsync(Batch("my", "op://V/i/a"), Cancellation))[0]));
        Assert.Equal("theirs", Text((await Backend().ReadAsync(Batch("their.1password.com", "op://V/i/a"), Cancellation))[0]));
        Assert.Equal(ErrorCode.SignInRequired, (await Backend().ReadAsync(Batch("nobody", "op://V/i/a"), Cancellation))[0].Failure?.Code);
        Assert.Equal("read --account my op://V/i/a", _op.Calls[0]);
    }

    [Fact]
    public async Task The_sign_in_is_asked_about_without_spending_anything()
    {
        var backend = Backend();
        Assert.Null(await backend.CheckSignInAsync("my", Cancellation));
        _op.Mode("signed-out");
        Assert.Equal(ErrorCode.SignInRequired, (await backend.CheckSignInAsync(null, Cancellation))?.Code);
        _op.Mode("hang");
        var asking = backend.CheckSignInAsync(null, Cancellation);
        Assert.True(SpinWait.SpinUntil(() => _op.ProcessIds.Count == 3, Patience));
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(ErrorCode.BackendTimeout, (await asking.WaitAsync(Patience, Cancellation))?.Code);
        Assert.Equal(["whoami --format json --account my", "whoami --format json", "whoami --format json"], _op.Calls);
        Assert.Equal(0, backend.Status().Calls);
    }

    [Fact]
    public async Task Op_sees_nothing_of_the_daemon_s_environment_but_what_is_on_the_list()
    {
        _environment["VAULT_TOKEN"] = "CANARY";
        _environment["OP_DECOY"] = "op://V/i/decoy";
        _op.Set("op://V/i/a", "1").Set("op://V/i/b", "2").Record();
        var outcomes = await ReadAsync("op://V/i/a", "op://V/i/b");

        Assert.All(outcomes, outcome => Assert.NotNull(outcome.Value));
        Assert.DoesNotContain("CANARY", Assert.Single(_op.Environments));
        Assert.Equal(["op://V/i/a", "op://V/i/b"], _op.Asked.Order());
    }

    [Fact]
    public async Task An_op_that_has_gone_is_unavailable_and_says_what_to_do()
    {
        var backend = Backend();
        File.Delete(_op.Path);
        var failure = (await ReadAsync(backend, "op://V/i/a"))[0].Failure;

        Assert.Equal(ErrorCode.BackendUnavailable, failure?.Code);
        Assert.Contains("OPX_OP_PATH", failure?.Detail);
    }

    private static BackendBatch Batch(string? account, params string[] references) => new([.. references.Select(Refs.Reference)], account);

    private static byte[] Bytes(BackendOutcome outcome)
    {
        Assert.Null(outcome.Failure);
        using (outcome.Value)
            return outcome.Value!.Bytes.ToArray();
    }

    private static string Text(BackendOutcome outcome) => Encoding.UTF8.GetString(Bytes(outcome));

    private async Task StartedAsync()
    {
        Assert.True(SpinWait.SpinUntil(() => _op.ProcessIds.Count > 0, Patience));
        await Task.Yield();
    }

    private OnePasswordBackend Backend() => new(new OnePasswordOptions(_op.Path, null, _environment), new ProcessRunner(), _clock);

    private Task<IReadOnlyList<BackendOutcome>> ReadAsync(params string[] references) => ReadAsync(Backend(), references);

    private static Task<IReadOnlyList<BackendOutcome>> ReadAsync(OnePasswordBackend backend, params string[] references) =>
        backend.ReadAsync(Batch(null, references), Cancellation);
}
