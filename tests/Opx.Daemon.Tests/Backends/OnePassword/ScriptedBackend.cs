using System.Text;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.OnePassword;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.OnePassword;

/// <summary>The backend with a clock that stands still and an <c>op</c> without processes.</summary>
internal sealed class ScriptedBackend
{
    public ManualClock Clock { get; } = new();

    public ScriptedOp Op { get; } = new();

    public Dictionary<string, string> Environment { get; } = new() { ["PATH"] = "/bin" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public OnePasswordBackend Create(OnePasswordOptions? options = null) =>
        new(options ?? new OnePasswordOptions("/usr/bin/op", null, Environment), Op, Clock);

    public async Task<BackendOutcome[]> OutcomesAsync(string[] references, string? account = null, OnePasswordBackend? backend = null) =>
        [.. await (backend ?? Create()).ReadAsync(new BackendBatch([.. references.Select(Refs.Reference)], account), Cancellation)];

    /// <summary>For each reference its value, or the name of its failure.</summary>
    public async Task<string[]> ReadAsync(string[] references, string? account = null, OnePasswordBackend? backend = null)
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

    /// <summary>Lets the pauses between tries go by.</summary>
    public async Task PassPausesAsync(Task reading)
    {
        // The batch's own limit is one timer; a second one is a pause.
        while (await Task.WhenAny(reading, Clock.WaitForTimersAsync(2)) != reading)
            Clock.Advance(TimeSpan.FromSeconds(1));
    }
}
