namespace Opx.Daemon.Backends.Vault;

/// <summary>The router asks which backends are such ones; here none is.</summary>
internal abstract class VaultBackend : ISecretBackend
{
    public abstract string Name { get; }

    public abstract int ConcurrentBatches { get; }

    public abstract Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation);

    public abstract Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation);

    public abstract Protocol.BackendStatus Status();
}
