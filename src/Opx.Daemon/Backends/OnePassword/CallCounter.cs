namespace Opx.Daemon.Backends.OnePassword;

/// <summary>What was spent of 1Password's quotas, which are hourly for a token and daily for an account.</summary>
internal sealed class CallCounter(TimeProvider clock)
{
    private const int MinutesADay = 24 * 60;
    private readonly Lock _lock = new();
    private readonly Minute[] _minutes = new Minute[MinutesADay];
    private long _total;

    /// <summary>A process that asks for so many references.</summary>
    public void Count(int references)
    {
        var now = Now();
        lock (_lock)
        {
            _total++;
            ref var minute = ref _minutes[now % MinutesADay];
            if (minute.Number != now)
                minute = new Minute(now, 0, 0);
            minute = minute with { Calls = minute.Calls + 1, References = minute.References + references };
        }
    }

    public (long Calls, long LastHour, long LastDay, long ReferencesLastDay) Read()
    {
        var now = Now();
        lock (_lock)
        {
            var (hour, day, references) = (0L, 0L, 0L);
            foreach (var minute in _minutes)
            {
                // A clock that was set back leaves minutes of the future behind: they were spent all the same.
                if (minute.Number > now - 60)
                    hour += minute.Calls;
                if (minute.Number > now - MinutesADay)
                    (day, references) = (day + minute.Calls, references + minute.References);
            }

            return (_total, hour, day, references);
        }
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    private readonly record struct Minute(long Number, int Calls, int References);
}
