using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Primitives;
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

    private readonly MemoryCache _entries;
    private readonly TimeProvider _clock;
    private readonly long _sizeLimit;

    public SecretCache(long sizeLimit, TimeProvider clock)
    {
        _clock = clock;
        _sizeLimit = sizeLimit;
        _entries = new MemoryCache(new MemoryCacheOptions { SizeLimit = sizeLimit, CompactionPercentage = 0.1 });
    }

    public int Count => _entries.Count;

    /// <summary>The outcome to answer with, its value held for the caller; null where nothing is kept or its time has passed.</summary>
    public ReadOutcome? Find(SecretKey key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry) || entry is null)
            return null;
        // Asked of the clock and not of the timer: timers stand still while the machine sleeps.
        var left = entry.Left(_clock);
        if (left <= TimeSpan.Zero)
        {
            Remove(key);
            return null;
        }

        if (entry.Problem is not null)
            return ReadOutcome.Of(entry.Problem);
        return entry.Value!.TryHold() ? new ReadOutcome(entry.Value, null, FromCache: true, left, entry.ResolvedAtUnix) : null;
    }

    /// <summary>Keeps a value for a time. The caller's own hold stays the caller's.</summary>
    public void Keep(SecretKey key, SecretValue value, TimeSpan lifetime, long resolvedAtUnix)
    {
        if (lifetime > TimeSpan.Zero && value.Length + EntryBytes <= _sizeLimit && value.TryHold())
            Store(key, new Entry(value, null, lifetime, _clock.GetTimestamp(), resolvedAtUnix), value.Length + EntryBytes);
    }

    /// <summary>Remembers a failure for <see cref="FailureLifetime"/>.</summary>
    public void Keep(SecretKey key, Problem problem) =>
        Store(key, new Entry(null, problem, FailureLifetime, _clock.GetTimestamp(), 0), EntryBytes);

    /// <summary>Keeps a value for so long from now on, if it is still kept.</summary>
    public void Prolong(SecretValue value, TimeSpan lifetime)
    {
        if (lifetime <= TimeSpan.Zero)
            return;
        foreach (var key in _entries.Keys)
        {
            if (_entries.TryGetValue(key, out Entry? entry) && entry!.Value == value)
                entry.Prolong(lifetime, _clock.GetTimestamp());
        }
    }

    /// <summary>Removes one backend's values and failures.</summary>
    public int RemoveOf(string backend)
    {
        var removed = 0;
        foreach (var key in _entries.Keys.Cast<SecretKey>().Where(key => key.Backend == backend))
            removed += Remove(key) ? 1 : 0;
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

        return removed;
    }

    public void Dispose()
    {
        Remove(references: null);
        _entries.Dispose();
    }

    private void Store(SecretKey key, Entry entry, int size)
    {
        // MemoryCache knows no TimeProvider and keeps what has expired until something touches it; a token that a timer cancels does better.
        var expiry = new CancellationTokenSource(entry.Lifetime < LongestTimer ? entry.Lifetime : LongestTimer, _clock);
        entry.Expiry = expiry;
        var options = new MemoryCacheEntryOptions { Size = size };
        options.AddExpirationToken(new CancellationChangeToken(expiry.Token));
        options.RegisterPostEvictionCallback(static (_, value, _, state) =>
        {
            ((Entry)value!).Release();
            ((CancellationTokenSource)state!).Dispose();
        }, expiry);
        // Where there is no room, the cache drops the newcomer and calls back, as for any other eviction.
        _entries.Set(key, entry, options);
    }

    private sealed class Entry(SecretValue? value, Problem? problem, TimeSpan lifetime, long stored, long resolvedAtUnix)
    {
        private readonly Lock _lock = new();
        private TimeSpan _lifetime = lifetime;
        private long _counted = stored;
        private int _released;

        public SecretValue? Value { get; } = value;

        public Problem? Problem { get; } = problem;

        public TimeSpan Lifetime { get; } = lifetime;

        public long ResolvedAtUnix { get; } = resolvedAtUnix;

        public CancellationTokenSource? Expiry { get; set; }

        public TimeSpan Left(TimeProvider clock)
        {
            lock (_lock)
                return _lifetime - clock.GetElapsedTime(_counted);
        }

        public void Prolong(TimeSpan lifetime, long now)
        {
            lock (_lock)
            {
                (_lifetime, _counted) = (lifetime, now);
                try
                {
                    Expiry!.CancelAfter(lifetime < LongestTimer ? lifetime : LongestTimer);
                }
                catch (ObjectDisposedException)
                {
                    // It has just gone.
                }
            }
        }

        public void Release()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
                Value?.Dispose();
        }
    }
}
