using Opx.Daemon.Audit;
using Opx.Protocol;

namespace Opx.Daemon.Sessions;

/// <summary>Why a session is locked: who may open it again depends on it.</summary>
internal enum LockReason
{
    /// <summary>Nobody read anything for the idle time.</summary>
    Idle,

    /// <summary>A person asked for it: only a person opens it again.</summary>
    Person,

    /// <summary>A backend said that nobody is signed in.</summary>
    Backend,

    /// <summary>The desktop was locked, or the machine goes to sleep: as if the person had asked.</summary>
    Desktop,

    /// <summary>The daemon stops.</summary>
    Stop,

    /// <summary>A person or the desktop asked for it, of a daemon before this one.</summary>
    Earlier,
}

internal static class LockReasons
{
    /// <summary>True where no backend's word opens the lock.</summary>
    public static bool Holds(this LockReason reason) => reason.OutlivesDaemon() || reason == LockReason.Stop;

    /// <summary>True where the lock is somebody's wish, which a restart does not end.</summary>
    public static bool OutlivesDaemon(this LockReason reason) => reason is LockReason.Person or LockReason.Desktop or LockReason.Earlier;
}

/// <summary>A session was locked or unlocked.</summary>
/// <param name="Lock">Why it was locked; null for an unlock.</param>
/// <param name="By">Who asked for it; null where nobody did, or where nothing is recorded.</param>
internal readonly record struct SessionChange(LockReason? Lock, Asker? By);

/// <summary>
/// The session's state: <c>unknown</c> → <c>authenticated</c> (first successful read) → <c>locked</c> → <c>authenticated</c>. Idle time is real
/// time, sleep included, measured by the clock's stopwatch at every look; the timer only sees to it that somebody looks.
/// </summary>
internal sealed class Session : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _idleTimeout;
    private readonly ITimer _timer;
    private SessionState _state = SessionState.Unknown;
    private LockReason _reason;
    private long _lastActivity;
    private long _locks;

    /// <param name="idleTimeout">Zero for a session that never locks by itself.</param>
    public Session(TimeSpan idleTimeout, TimeProvider clock)
    {
        (_idleTimeout, _clock) = (idleTimeout, clock);
        _lastActivity = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => LockIfIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called for every lock, under this session's lock: whoever sees the session locked finds its values wiped.</summary>
    public event Action<LockReason>? Locked;

    /// <summary>Called for every unlock, under this session's lock.</summary>
    public event Action? Unlocked;

    /// <summary>True while a read is under way: nobody is idle who waits for one. Asked under this session's lock.</summary>
    public Func<bool> IsReading { get; set; } = static () => false;

    /// <summary>Called after either of the two, under this session's lock: what has to be told of it elsewhere.</summary>
    public event Action<SessionChange>? Changed;

    public SessionState State
    {
        get
        {
            LockIfIdle();
            lock (_lock)
                return _state;
        }
    }

    /// <summary>The lock that is in force, or null.</summary>
    public LockReason? LockedBy
    {
        get
        {
            LockIfIdle();
            return InForce;
        }
    }

    /// <summary>The lock that is in force, or null, without a look at the idle time.</summary>
    public LockReason? InForce
    {
        get
        {
            lock (_lock)
                return _state == SessionState.Locked ? _reason : null;
        }
    }

    /// <summary>A read, whether or not it reached a backend.</summary>
    public void Touch()
    {
        LockIfIdle();
        lock (_lock)
            _lastActivity = _clock.GetTimestamp();
    }

    /// <summary>A read succeeded, which may have taken its time. Does not open a lock that came while it was under way.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            if (_state == SessionState.Locked)
                return;
            _lastActivity = _clock.GetTimestamp();
            if (_state == SessionState.Authenticated)
                return;
            _state = SessionState.Authenticated;
            Schedule();
        }
    }

    /// <summary>How many locks there were. Whoever is about to unlock says which it saw: one that comes in between stays.</summary>
    public long Locks
    {
        get
        {
            lock (_lock)
                return _locks;
        }
    }

    /// <param name="by">Who asked for it, where it was asked for and somebody wants to know.</param>
    public void Lock(LockReason reason, Asker? by = null)
    {
        lock (_lock)
        {
            // A person's lock outweighs the others: it is the one that only a person opens.
            var changes = _state != SessionState.Locked || (reason.Holds() && !_reason.Holds());
            if (changes || reason.Holds())
                _locks++;
            if (!changes)
                return;
            _state = SessionState.Locked;
            _reason = reason;
            Locked?.Invoke(reason);
            Changed?.Invoke(new SessionChange(reason, by));
        }
    }

    /// <summary>Opens the session, after whoever asks has seen that a backend is signed in. False where it was locked again meanwhile.</summary>
    /// <param name="locks">What <see cref="Locks"/> was when the backend was asked.</param>
    /// <param name="by">As of <see cref="Lock"/>.</param>
    public bool TryUnlock(long locks, Asker? by = null)
    {
        lock (_lock)
        {
            if (_locks != locks)
                return false;
            Unlock(by);
            return true;
        }
    }

    private void Unlock(Asker? by)
    {
        lock (_lock)
        {
            var wasLocked = _state == SessionState.Locked;
            _state = SessionState.Authenticated;
            _lastActivity = _clock.GetTimestamp();
            Schedule();
            Unlocked?.Invoke();
            if (wasLocked)
                Changed?.Invoke(new SessionChange(null, by));
        }
    }

    /// <summary>Opens a lock of this kind, unless another has come in the meantime: a person's lock is not opened by an answer from before it.</summary>
    public void UnlockAfter(LockReason reason)
    {
        lock (_lock)
        {
            if (_state == SessionState.Locked && _reason == reason)
                Unlock(by: null);
        }
    }

    public SessionStatus Status()
    {
        var state = State;
        lock (_lock)
        {
            var left = _idleTimeout - _clock.GetElapsedTime(_lastActivity);
            return new SessionStatus(
                state.Name(),
                (long)_idleTimeout.TotalSeconds,
                state == SessionState.Locked || _idleTimeout == TimeSpan.Zero ? 0 : Math.Max(0, (long)Math.Ceiling(left.TotalSeconds)),
                Enabled: _idleTimeout > TimeSpan.Zero);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void LockIfIdle()
    {
        if (_idleTimeout == TimeSpan.Zero)
            return;
        lock (_lock)
        {
            if (_state != SessionState.Authenticated)
                return;
            if (_clock.GetElapsedTime(_lastActivity) >= _idleTimeout && IsReading())
                _lastActivity = _clock.GetTimestamp();
            if (_clock.GetElapsedTime(_lastActivity) >= _idleTimeout)
                Lock(LockReason.Idle);
            else
                Schedule();
        }
    }

    // Timers stand still while the machine sleeps, so none waits longer than this after it wakes.
    private void Schedule()
    {
        if (_idleTimeout == TimeSpan.Zero)
            return;
        var left = _idleTimeout - _clock.GetElapsedTime(_lastActivity);
        _timer.Change(left < LongestWait ? left + TimeSpan.FromMilliseconds(1) : LongestWait, Timeout.InfiniteTimeSpan);
    }
}
