using System.Text;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>A Vault backend on a scripted server and a clock that stands still; what it reads of its own comes from <see cref="Own"/>.</summary>
internal sealed class VaultUnderTest : IDisposable
{
    public const string Token = "hvs.the-token";

    private readonly long _keptBytes;

    public VaultUnderTest(
        ScriptedVault? server = null, VaultAuthOptions? auth = null, string? token = Token, string name = "vault", long keptBytes = 1024 * 1024, string? home = null)
    {
        Server = server ?? new ScriptedVault().Token();
        _keptBytes = keptBytes;
        var environment = new Dictionary<string, string>();
        if (token is not null)
            environment[EnvironmentNames.VaultToken] = token;
        if (home is not null)
            environment[EnvironmentNames.Home] = home;
        Backend = new VaultBackend(new VaultSettings(name, new VaultOptions { Address = ScriptedVault.Address, Auth = auth }, environment), _ => Server, Clock);
        Backend.Attach(World);
    }

    public ManualClock Clock { get; } = new();

    public ScriptedVault Server { get; }

    public VaultBackend Backend { get; }

    /// <summary>References of the backend's own and what they are.</summary>
    public Dictionary<string, string> Own { get; } = [];

    public int OwnReads { get; private set; }

    public string? Circle { get; set; }

    /// <summary>What the cache was told to drop, in the order it was told.</summary>
    public List<string> Forgotten { get; } = [];

    public Task<BackendOutcome[]> OutcomesAsync(params string[] references) => OutcomesAsync(references, []);

    /// <summary>Values as text, failures as their code.</summary>
    public async Task<string[]> ReadAsync(params string[] references) => [.. (await OutcomesAsync(references)).Select(Taken)];

    /// <summary>The same, past what the backend keeps.</summary>
    public async Task<string[]> ReadFreshAsync(params string[] references) => [.. (await OutcomesAsync(references, references)).Select(Taken)];

    public async Task<BackendFailure> FailureAsync(string reference)
    {
        var outcome = (await OutcomesAsync(reference))[0];
        Assert.Null(outcome.Value);
        return outcome.Failure!;
    }

    /// <summary>Lets short waits be over at once until the task is done: those between two tries, and no time limit.</summary>
    public async Task<T> PassTimeAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            if (Clock.UntilNextTimer is { TotalSeconds: < 1 } wait)
                Clock.Advance(wait);
            await Task.Yield();
        }

        return await task;
    }

    public void Dispose() => Backend.Dispose();

    private async Task<BackendOutcome[]> OutcomesAsync(string[] references, string[] fresh)
    {
        var batch = new BackendBatch([.. references.Select(text => SecretReference.Parse(text, out _)!)], null) { Fresh = fresh.ToHashSet() };
        return [.. await Backend.ReadAsync(batch, TestContext.Current.CancellationToken)];
    }

    private static string Taken(BackendOutcome outcome)
    {
        using (outcome.Value)
            return outcome.Value is { } value ? Encoding.UTF8.GetString(value.Bytes) : outcome.Failure!.Code.Name();
    }

    private VaultWorld World(CallCounter calls) => new(
        (references, _) =>
        {
            OwnReads++;
            return Task.FromResult(references.Select(Read).ToArray());
        },
        (_, _) => Task.FromResult<BackendFailure?>(null),
        _ => Circle,
        references =>
        {
            lock (Forgotten)
                Forgotten.AddRange(references.Order());
        },
        _keptBytes,
        calls,
        Clock);

    private ReadOutcome Read(SecretReference reference) => Own.TryGetValue(reference.Text, out var text)
        ? new ReadOutcome(SecretValue.CopyOf(Encoding.UTF8.GetBytes(text)), null, false, TimeSpan.Zero, 0)
        : ReadOutcome.Of(new Problem(ErrorCode.NotFound, "there is no such item", reference.Text));
}
