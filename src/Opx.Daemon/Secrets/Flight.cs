using Opx.Protocol;

namespace Opx.Daemon.Secrets;

/// <summary>
/// One key's read that is under way, and those who wait for it. A waiter that goes away takes nothing with it but itself; when the last one
/// has gone, the read is cancelled. Guarded by the lock of <see cref="SingleFlight"/>.
/// </summary>
// The source has no timer and no linked tokens, so there is nothing to dispose, and nobody to race with over it.
#pragma warning disable CA1001
internal sealed class Flight(SecretKey key, SecretReference reference, long generation)
{
    private readonly CancellationTokenSource _abandoned = new();

    public SecretKey Key { get; } = key;

    public SecretReference Reference { get; } = reference;

    /// <summary>The generation the read began in; what it brings is kept only if no lock or invalidation has begun another since.</summary>
    public long Generation { get; } = generation;

    /// <summary>True once a backend has been handed the read: who wants a fresh value does not join any more.</summary>
    public bool Departed { get; set; }

    /// <summary>True where one of those who wait wants nothing that a backend has kept.</summary>
    public bool IsFresh { get; set; }

    public List<Waiter> Waiters { get; } = [];

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    public void Abandon() => _abandoned.Cancel();

    /// <summary>One caller. Exactly one of outcome and cancellation reaches it, so exactly one side has to let go of the value.</summary>
    internal sealed class Waiter
    {
        private readonly TaskCompletionSource<ReadOutcome> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ReadOutcome> Outcome => _source.Task;

        public bool TryDeliver(ReadOutcome outcome) => _source.TrySetResult(outcome);

        public bool TryCancel(CancellationToken cancellation) => _source.TrySetCanceled(cancellation);
    }
}
