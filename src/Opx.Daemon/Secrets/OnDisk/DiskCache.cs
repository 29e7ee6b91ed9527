using Opx.Protocol;

namespace Opx.Daemon.Secrets.OnDisk;

/// <summary>
/// Keeps what the cache holds in a sealed file too, so that a restart of the daemon costs no prompt. The file follows the cache shortly after
/// it has changed; it is gone at once when something was taken out, and with its key when the session locks.
/// </summary>
/// <remarks>A file that cannot be written or read is no error of any read: the cache in memory goes on.</remarks>
internal sealed class DiskCache : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    // Not for each value whose time is over: many that were read together end together.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    // Timers stand still while the machine sleeps.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly SealedFile _file;
    private readonly SealedEntries _entries;
    private readonly SecretCache _cache;
    private readonly TextWriter _log;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private volatile bool _hasChanged;
    private volatile string? _fault;
    private (long Since, TimeSpan Left)? _firstEnd;
    private bool _isOver;

    public DiskCache(SealedFile file, string boot, string key, SecretCache cache, TextWriter log, TimeProvider clock)
    {
        (_file, Key, _cache, _log, _clock) = (file, key, cache, log, clock);
        _entries = new SealedEntries(boot, clock);
        _timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Who keeps the key, for the status.</summary>
    public string Key { get; }

    /// <summary>Why the file is not what it should be; null where it is.</summary>
    public string? Fault => _fault;

    /// <summary>Fills the cache with what the daemon before left, and follows it from there.</summary>
    /// <param name="timeToLive">The longest that anything is kept now, whatever was so then.</param>
    public void Begin(TimeSpan timeToLive)
    {
        Try("read", () =>
        {
            using var content = _file.Read();
            foreach (var entry in content is null ? [] : _entries.Read(content.Bytes))
            {
                using (entry)
                    _cache.Keep(entry.Key, entry.Value, entry.Left < timeToLive ? entry.Left : timeToLive, entry.ResolvedAtUnix);
            }
        });
        _cache.Kept += Changed;
        _cache.Removed += TakenOut;
        // What was read is written anew: it may have less time than the file says, and what opened for nobody is gone.
        Changed();
    }

    // On the thread of whoever reads, so without a lock that a write to the disk may hold.
    private void Changed()
    {
        _hasChanged = true;
        Schedule(Delay);
    }

    private void Schedule(TimeSpan wait) => _timer.Change(wait, Timeout.InfiniteTimeSpan);

    private void TakenOut()
    {
        lock (_lock)
        {
            // The end of the cache in memory is none of what is in the file.
            if (_isOver)
                return;
            // What has been taken out must not be in the file any more when the one who did it hears of it.
            Try("removed", _file.Remove);
            Changed();
        }
    }

    /// <summary>The session was locked.</summary>
    public void Locked()
    {
        lock (_lock)
        {
            if (!_isOver)
                Try("removed", _file.Destroy);
        }
    }

    /// <summary>The daemon stops: the file is for the next one, and does not follow the cache any more into its end.</summary>
    public void Leave()
    {
        Save();
        lock (_lock)
            _isOver = true;
    }

    /// <summary>Something has changed, or the time of something in the file may be over.</summary>
    private void Look()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            if (_hasChanged || _firstEnd is { } end && _clock.GetElapsedTime(end.Since) >= end.Left)
                Save();
            if (_firstEnd is { } next && next.Left - _clock.GetElapsedTime(next.Since) is var left)
                Schedule(left < Pace ? Pace : left < LongestWait ? left : LongestWait);
            // One that came meanwhile, and whose own look was put off just now.
            if (_hasChanged)
                Schedule(Delay);
        }
    }

    private void Save()
    {
        // Entries are taken under the lock: after a lock of the session none are left to be written over its end.
        lock (_lock)
        {
            if (_isOver)
                return;
            _hasChanged = false;
            List<SealedEntry> entries = [.. _cache.Values()];
            _firstEnd = entries.Count == 0 ? null : (_clock.GetTimestamp(), entries.Min(entry => entry.Left));
            try
            {
                Try("written", () => Write(entries));
            }
            finally
            {
                entries.ForEach(entry => entry.Dispose());
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
            _isOver = true;
    }

    private void Write(List<SealedEntry> entries)
    {
        if (entries.Count == 0)
        {
            _file.Destroy();
            return;
        }

        using var content = new SecretBuffer();
        _entries.Write(content, entries);
        if (!_file.TryWrite(content, entries.Max(entry => entry.Left)))
            throw new IOException("its key cannot be kept where it should be (is the quota of the keyring used up?)");
    }

    private void Try(string what, Action act)
    {
        try
        {
            act();
            _fault = null;
        }
        catch (Exception error) when (error is OpxPathException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _fault = $"the disk cache cannot be {what}: {Printable.Text(error.Message)}";
            _log.WriteLine($"opx-authd: {_fault}");
        }
    }
}
