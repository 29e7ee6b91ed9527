using System.Text;
using Opx.Daemon.Backends;
using Opx.Daemon.Secrets;
using Opx.Model.Tests.Histories;
using Opx.Model.Tests.Stepping;
using Opx.Protocol;

namespace Opx.Model.Tests.Doubles;

/// <summary>A backend that answers when the history has it so. Each value names the call that brought it.</summary>
internal sealed class SteppedBackend(World world, int concurrentBatches) : ISecretBackend
{
    public string Name => "fake";

    public int ConcurrentBatches => concurrentBatches;

    public bool IsSignedIn { get; set; } = true;

    /// <summary>Every value that was ever made, to be looked for at the end.</summary>
    public List<SecretValue> Made { get; } = [];

    public Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation)
    {
        Fiber.Point();
        var call = world.CallBegins([.. batch.References.Select(reference => reference.Text)], batch.Account, concurrentBatches, cancellation);
        return call.Outcomes;
    }

    public async Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation)
    {
        Fiber.Point();
        var isSignedIn = IsSignedIn;
        await Task.Yield();
        return isSignedIn ? null : new BackendFailure(ErrorCode.SignInRequired, "nobody is signed in");
    }

    public BackendStatus Status() => new(Name, "ready", null, 0, 0, 0, 0);

    public BackendOutcome Value(Call call, string reference, TimeSpan? keepFor)
    {
        var value = SecretValue.CopyOf(Encoding.UTF8.GetBytes($"{World.Secret}:{call.Number}:{reference}:{call.Account}"));
        Made.Add(value);
        return BackendOutcome.Of(value) with { KeepFor = keepFor };
    }
}
