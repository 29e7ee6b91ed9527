using Opx.Protocol;

namespace Opx.Daemon.Backends;

/// <summary>Stands where a backend cannot work, and says so for each read; it is never replaced by another one.</summary>
internal sealed class UnconfiguredBackend(string name, string whatToDo) : ISecretBackend
{
    private readonly BackendFailure _failure = new(ErrorCode.BackendUnavailable, $"{name} is not configured: {whatToDo}");

    public string Name => name;

    public int ConcurrentBatches => int.MaxValue;

    public Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<BackendOutcome>>([.. batch.References.Select(_ => BackendOutcome.Of(_failure))]);

    public Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation) => Task.FromResult<BackendFailure?>(_failure);

    public BackendStatus Status() => new(name, "not_configured", _failure.Detail, 0, 0, 0, 0);
}
