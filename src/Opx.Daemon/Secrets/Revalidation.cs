using System.Collections.Concurrent;
using Opx.Daemon.Audit;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Secrets;

/// <summary>
/// Reads values anew whose time is over while they are still answered with. Nobody waits for it, so its failures are told in the status and in
/// the audit log; after one, the key is left alone for a moment.
/// </summary>
internal sealed class Revalidation(SingleFlight flights, IAuditLog audit, Action<Problem> seen, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<SecretKey, (SecretValue Stale, long When)> _failed = new();
    private long _failures;
    private volatile Problem? _last;
    private long _lastAt;

    /// <summary>Refreshes that failed so far.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Why the last refresh failed; null once one has succeeded.</summary>
    public Problem? LastFailure => _last;

    public long LastFailureAtUnix => Interlocked.Read(ref _lastAt);

    /// <summary>The flight to send off; null where one is under way or has failed just now.</summary>
    /// <param name="stale">What is answered meanwhile. That the one before it could not be replaced says nothing of it.</param>
    public Flight? TryBegin(SecretKey key, SecretReference reference, SecretValue stale)
    {
        if (_failed.TryGetValue(key, out var failed) && failed.Stale == stale && clock.GetElapsedTime(failed.When) < Pause)
            return null;
        var flight = flights.TryBegin(key, reference, out var outcome);
        if (flight is not null)
            _ = FollowAsync(key, stale, outcome);
        return flight;
    }

    private async Task FollowAsync(SecretKey key, SecretValue stale, Task<ReadOutcome> reading)
    {
        using var outcome = await reading;
        if (outcome.Problem is not { } problem)
        {
            _failed.TryRemove(key, out _);
            _last = null;
            return;
        }

        // A lock is no failure of the backend.
        if (problem.Code == ErrorCode.SessionLocked)
            return;
        _failed[key] = (stale, clock.GetTimestamp());
        (_last, _lastAt) = (problem, clock.GetUtcNow().ToUnixTimeSeconds());
        Interlocked.Increment(ref _failures);
        audit.Append(new AuditEvent(AuditEvents.Cache)
        {
            Reference = key.Reference,
            Reason = "a value past its time could not be read anew",
            Outcome = problem.Code.Name(),
        });
        seen(problem);
    }
}
