using Opx.Protocol;

namespace Opx.Daemon.Secrets;

/// <summary>What a read came to: a value, which whoever gets the outcome holds and disposes, or a problem.</summary>
/// <param name="Lifetime">How long the value stays in the cache from now; zero where it is not kept.</param>
internal readonly record struct ReadOutcome(SecretValue? Value, Problem? Problem, bool FromCache, TimeSpan Lifetime, long ResolvedAtUnix) : IDisposable
{
    /// <summary>True where the value's time is over and it is to be read anew.</summary>
    public bool IsStale { get; init; }

    public static ReadOutcome Of(Problem problem) => new(null, problem, false, TimeSpan.Zero, 0);

    public void Dispose() => Value?.Dispose();
}
