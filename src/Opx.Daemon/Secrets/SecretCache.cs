using Microsoft.Extensions.Caching.Memory;
using Opx.Daemon.Secrets.OnDisk;
using Opx.Protocol;

namespace Opx.Daemon.Secrets;

/// <summary>
/// Values, and for a few seconds failures, by key. The cache holds each value once; an entry lets go of it exactly once, whether it is
/// removed, replaced, evicted for want of space or past its time, and the value is wiped when its last reader is done.
/// </summary>
internal sealed class SecretCache : IDisposable
{
    /// <summary>How long a <c>not_found</c> is remembered: asking again uses up 1Password's quota too.</summary>
    public static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(5);

    // What an entry costs beside its value's bytes, roughly.
    private const int EntryBytes = 512;

    // No timer waits longer than 49.7 days. What is to be kept longer goes a little early.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    // Timers stand still while the machine sleeps: what is over by then goes at the latest so long after it wakes.
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private static readonly PostEvictionCallbackRegistration Evicted = new() { EvictionCallback = static (_, entry, _, _) => ((Entry)entry!).Release() };

    private readonly MemoryCache _entries;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _staleFor;
    private readonly long _sizeLimit;
    private readonly ITimer _sweep;
    private int _values;

    /// <param name="staleFor">How long after its time a value is still found, marked as stale.</param>
    public SecretCache(long sizeLimit, TimeProvider clock, TimeSpan staleFor = default)
    {
        (_clock, _staleFor) = (clock, staleFor);
        _sweep = clock.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        _sizeLimit = sizeLimit;
        _entries = new MemoryCache(new MemoryCacheOptions { SizeLimit = sizeLimit, CompactionPercentage = 0.1 });
    }

    /// <summary>Something was kept.</summary>
    public event Action? Kept;

    /// <summary>Values were taken out because somebody wanted them out.</summary>
    public event Action? Removed;

    /// <summary>How many values are kept; a remembered failure is none.</summary>
    public int Count => Volatile.Read(ref _values);

    /// <summary>The outcome to answer with, its value held for the caller; null where nothing is kept or its time has passed.</summary>
    public ReadOutcome? Find(SecretKey key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry) || entry is null)
            return null;
        // Asked of the clock and not of the timer: timers stand still while the machine sleeps.
        var left = entry.Left(_clock);
        if (left <= -entry.StaleFor)
        {
            Remove(key);
            return null;
        }

        if (entry.Problem is not null)
            return ReadOutcome.Of(entry.Problem);
        if (!entry.Value!.TryHold())
            return null;
        var isStale = left <= TimeSpan.Zero;
        return new ReadOutcome(entry.Value, null, FromCache: true, isStale ? TimeSpan.Zero : left, entry.ResolvedAtUnix) { IsStale = isStale };
    }

    /// <summary>Keeps a value for a time. The caller's own hold stays the caller's.</summary>
    /// <param name="isLeased">It is never answered past its time, and not for another daemon to find.</param>
    public void Keep(SecretKey key, SecretValue value, TimeSpan lifetime, long resolvedAtUnix, bool isLeased = false)
    {
        if (lifetime <= TimeSpan.Zero || value.Length + EntryBytes > _sizeLimit || !value.TryHold())
            return;
        var entry = new Entry(this, key, value, null, lifetime, isLeased ? TimeSpan.Zero : _staleFor, _clock.GetTimestamp(), resolvedAtUnix) { IsLeased = isLeased };
        Store(key, entry, value.Length + EntryBytes);
        Kept?.Invoke();
    }

    /// <summary>Remembers a failure for <see cref="FailureLifetime"/>.</summary>
    public void Keep(SecretKey key, Problem problem) =>
        Store(key, new Entry(this, key, null, problem, FailureLifetime, TimeSpan.Zero, _clock.GetTimestamp(), 0), EntryBytes);

    /// <summary>Removes one backend's values and failures.</summary>
    public int RemoveOf(string backend)
    {
        var removed = 0;
        foreach (var key in _entries.Keys.Cast<SecretKey>().Where(key => key.Backend == backend))
            removed += Remove(key) ? 1 : 0;
        if (removed > 0)
            Removed?.Invoke();
        return removed;
    }

    public bool Remove(SecretKey key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
            return false;
        _entries.Remove(key);
        // Not left to the cache's own callback, which comes later on another thread: what is removed is gone when this returns.
        entry!.Release();
        return entry.Value is not null;
    }

    /// <summary>Removes every account's and every backend's copy of the references, or everything, and says how many values that were.</summary>
    public int Remove(IReadOnlySet<string>? references)
    {
        var removed = 0;
        foreach (var key in _entries.Keys)
        {
            if (references is null || references.Contains(((SecretKey)key).Reference))
                removed += Remove((SecretKey)key) ? 1 : 0;
        }

        if (removed > 0)
            Removed?.Invoke();
        return removed;
    }

    /// <summary>The values that another daemon may find and whose time is not over, each held for the caller.</summary>
    public IEnumerable<SealedEntry> Values()
    {
        foreach (var key in _entries.Keys)
        {
            if (_entries.TryGetValue(key, out Entry? entry) && entry is { Value: { } value, IsLeased: false }
                && entry.Left(_clock) is var left && left > TimeSpan.Zero && value.TryHold())
                yield return new SealedEntry((SecretKey)key, value, left, entry.ResolvedAtUnix);
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        Remove(references: null);
        _entries.Dispose();
    }

    private void Sweep()
    {
        foreach (var key in _entries.Keys)
        {
            if (_entries.TryGetValue(key, out Entry? entry) && entry!.Left(_clock) <= -entry.StaleFor)
                Remove((SecretKey)key);
        }
    }

    private void Store(SecretKey key, Entry entry, int size)
    {
        if (entry.Value is not null)
            Interlocked.Increment(ref _values);
        _entries.TryGetValue(key, out Entry? replaced);
        // MemoryCache knows no TimeProvider and keeps what has expired until something touches it: a timer does better, and costs less than a token.
        var whole = entry.Lifetime + entry.StaleFor;
        entry.Begin(whole < LongestTimer ? whole : LongestTimer);
        // Where there is no room, the cache drops the newcomer and calls back, as for any other eviction.
        using (var place = _entries.CreateEntry(key))
        {
            (place.Value, place.Size) = (entry, size);
            place.PostEvictionCallbacks.Add(Evicted);
        }

        replaced?.Release();
    }

    /// <summary>Wiped as its time ends, and not when the cache comes round to it.</summary>
    private void Expire(Entry entry)
    {
        entry.Release();
        if (_entries.TryGetValue(entry.Key, out Entry? current) && current == entry)
            _entries.Remove(entry.Key);
    }

    private sealed class Entry(
        SecretCache cache, SecretKey key, SecretValue? value, Problem? problem, TimeSpan lifetime, TimeSpan staleFor, long stored, long resolvedAtUnix)
    {
        private int _released;
        private ITimer? _expiry;

        public SecretKey Key { get; } = key;

        public SecretValue? Value { get; } = value;

        public Problem? Problem { get; } = problem;

        public TimeSpan Lifetime { get; } = lifetime;

        /// <summary>How long after its time it may be answered while it is read anew.</summary>
        public TimeSpan StaleFor { get; } = staleFor;

        public long ResolvedAtUnix { get; } = resolvedAtUnix;

        public bool IsLeased { get; init; }

        public TimeSpan Left(TimeProvider clock) => Lifetime - clock.GetElapsedTime(stored);

        /// <summary>Its time begins.</summary>
        public void Begin(TimeSpan time)
        {
            _expiry = cache._clock.CreateTimer(static entry => ((Entry)entry!).Expire(), this, time, Timeout.InfiniteTimeSpan);
            // It may be over already.
            if (Volatile.Read(ref _released) != 0)
                _expiry.Dispose();
        }

        private void Expire() => cache.Expire(this);

        public void Release()
        {
            if (Interlocked.Exchange(ref _released, 1) != 0)
                return;
            _expiry?.Dispose();
            if (Value is null)
                return;
            Value.Dispose();
            Interlocked.Decrement(ref cache._values);
        }
    }
}
