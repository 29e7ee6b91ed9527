using Opx.Daemon.Sessions;
using Opx.TestKit;

namespace Opx.Model.Tests.Histories;

/// <summary>What happened so far, in order: the plain model. All that is asked of the daemon is asked of this.</summary>
internal sealed class World(ManualClock clock, TimeSpan timeToLive, TimeSpan staleFor, Action<string> say)
{
    public const string Secret = "s3cr3t";

    private readonly List<(int At, int Policy)> _policies = [(0, 0)];
    private readonly List<(int Began, int Ended, LockReason Reason)> _locks = [];
    private readonly List<int> _unlocks = [];
    private readonly List<Span> _invalidations = [];
    private readonly List<(int At, bool IsBroken)> _log = [(0, false)];
    private int _now;

    // Of the fiber that runs, which is a thread.
    [ThreadStatic]
    private static int? _asked;

    public List<Call> Calls { get; } = [];

    public List<Read> Reads { get; } = [];

    public IEnumerable<Span> Invalidations => _invalidations;

    /// <summary>What was found to be wrong first.</summary>
    public string? Fault { get; private set; }

    public int Locks => _locks.Count;

    public TimeSpan Time => clock.GetElapsedTime(0);

    public TimeSpan TimeToLive => timeToLive;

    public TimeSpan StaleFor => staleFor;

    public int Next(string what)
    {
        say($"{++_now}: {what}");
        return _now;
    }

    public void Expect(bool isTrue, string what)
    {
        if (isTrue || Fault is not null)
            return;
        Fault = what;
        say($"   WRONG: {what}");
    }

    public void PolicyIs(int policy) => _policies.Add((Next($"policy {policy}"), policy));

    /// <summary>The policies of which at least one was in the file between these moments.</summary>
    public IEnumerable<int> Policies(int from, int to) => During(_policies, from, to).Select(entry => entry.Item2);

    public void LogIs(bool isBroken) => _log.Add((Next(isBroken ? "the audit log is out of order" : "the audit log is in order"), isBroken));

    public bool MayLogBeBroken(int from, int to) => During(_log, from, to).Any(entry => entry.Item2);

    public void LockBegins(LockReason reason) => _locks.Add((Next($"a lock begins ({reason})"), int.MaxValue, reason));

    public void LockEnds() => _locks[^1] = _locks[^1] with { Ended = Next("locked") };

    /// <summary>Does what asks for an unlock as a person does, who saw the locks there were at that moment.</summary>
    public static void AsPerson(int asked, Action unlock)
    {
        _asked = asked;
        unlock();
        _asked = null;
    }

    public void Unlocks()
    {
        Expect(_asked is not null || _locks.Count == 0 || !_locks[^1].Reason.Holds(), "a backend's word opens a lock that it must not");
        Expect(_asked is null || !_locks.Exists(each => each.Began > _asked), "a lock is opened that came after the question");
        _unlocks.Add(Next("unlocked"));
    }

    /// <summary>True where a lock was in force at some moment between these.</summary>
    public bool WasLocked(int from, int to) => _locks.Exists(each => each.Began <= to && !WasUnlocked(each.Ended, from));

    /// <summary>The last lock that was complete at this moment.</summary>
    public (int Began, int Ended, LockReason Reason)? LastLock(int before) => _locks.Where(each => each.Ended < before).Select(each => ((int, int, LockReason)?)each).LastOrDefault();

    /// <summary>A lock that ended those who waited for a read, and that nobody opened again before this moment.</summary>
    public (int Began, int Ended, LockReason Reason)? LockBetween(int from, int to) =>
        _locks.Where(each => each.Began > from && each.Ended < to && each.Reason != LockReason.Backend && !WasUnlocked(each.Ended, to)).Select(each => ((int, int, LockReason)?)each).FirstOrDefault();

    public bool WasUnlocked(int from, int to) => _unlocks.Exists(at => at > from && at < to);

    /// <summary>Does what invalidates a reference; null for all.</summary>
    public void Invalidates(string? reference, Action invalidate)
    {
        var place = _invalidations.Count;
        _invalidations.Add(new Span(Next($"an invalidation of {reference ?? "everything"} begins"), int.MaxValue, reference));
        invalidate();
        _invalidations[place] = _invalidations[place] with { Ended = Next("invalidated") };
    }

    /// <summary>When the last invalidation of the reference began that was complete at this moment; 0 for none.</summary>
    public int LastInvalidation(string reference, int before) =>
        Invalidations.Where(each => each.Ended < before && (each.Reference is null || each.Reference == reference)).Select(each => each.Began).DefaultIfEmpty(0).Max();

    public Call CallBegins(IReadOnlyList<string> references, string? account, int most, CancellationToken cancellation)
    {
        var call = new Call(Calls.Count, references, account, Next($"call {Calls.Count} for {string.Join(' ', references)}{(account is null ? "" : $" in {account}")}"), cancellation);
        CallRules.Check(this, call, most);
        Calls.Add(call);
        return call;
    }

    private static IEnumerable<(int At, T)> During<T>(List<(int At, T)> all, int from, int to)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].At <= to && (i + 1 == all.Count || all[i + 1].At >= from))
                yield return all[i];
        }
    }
}
