namespace Opx.TestKit;

/// <summary>A clock that goes when the test says so. Timers fire inside <see cref="Advance"/>, in the order they are due.</summary>
public sealed class ManualClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _elapsed;
    private TaskCompletionSource _timersChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => Zone;

    /// <summary>Where the machine is, which may change.</summary>
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>Timers that are waiting to fire.</summary>
    public int Timers
    {
        get
        {
            lock (_lock)
                return _timers.Count;
        }
    }

    /// <summary>How long until the next timer fires; null where none waits.</summary>
    public TimeSpan? UntilNextTimer
    {
        get
        {
            lock (_lock)
                return _timers.Count == 0 ? null : _timers.Min(timer => timer.Due) - _elapsed;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return _elapsed.Ticks;
    }

    /// <summary>Lets time pass, and fires what comes due on the way at the moment it is due.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan end;
        lock (_lock)
            end = _elapsed + by;
        while (true)
        {
            Timer? due;
            lock (_lock)
            {
                due = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                var next = due is null ? end : due.Due > _elapsed ? due.Due : _elapsed;
                _now += next - _elapsed;
                _elapsed = next;
                due?.Rearm();
            }

            if (due is null)
                return;
            due.Fire();
        }
    }

    /// <summary>The machine is suspended: time passes, and timers stand still.</summary>
    public void Suspend(TimeSpan by)
    {
        lock (_lock)
        {
            _now += by;
            _elapsed += by;
            foreach (var timer in _timers)
                timer.PutOff(by);
        }
    }

    /// <summary>The wall clock is set, as by a person or by NTP: elapsed time does not notice, and no timer fires.</summary>
    public void SetWallClock(DateTimeOffset now)
    {
        lock (_lock)
            _now = now;
    }

    /// <summary>Completes once at least so many timers wait: then it makes sense to <see cref="Advance"/>.</summary>
    public async Task WaitForTimersAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_timers.Count >= count)
                    return;
                changed = _timersChanged.Task;
            }

            await changed;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = clock._elapsed + dueTime;
                Add();
            }

            return true;
        }

        /// <summary>Under the lock: takes the timer out, or sets it to its next period.</summary>
        public void Rearm()
        {
            clock._timers.Remove(this);
            if (_period <= TimeSpan.Zero)
                return;
            Due += _period;
            Add();
        }

        public void PutOff(TimeSpan by) => Due += by;

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Add()
        {
            clock._timers.Add(this);
            clock._timersChanged.TrySetResult();
            clock._timersChanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
