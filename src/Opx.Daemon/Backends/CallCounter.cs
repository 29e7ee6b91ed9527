using Opx.Protocol;

namespace Opx.Daemon.Backends;

/// <summary>What was spent at a backend, to hold against its quotas: in all, in the last hour, in the last 24 hours.</summary>
internal sealed class CallCounter(TimeProvider clock)
{
    private const int Minutes = 24 * 60;

    private readonly Lock _lock = new();
    private readonly (long Minute, long Calls, long References)[] _minutes = new (long, long, long)[Minutes];
    private long _calls;

    /// <summary>One call that asked for so many references.</summary>
    public void Count(int references)
    {
        lock (_lock)
        {
            _calls++;
            var minute = CurrentMinute();
            ref var slot = ref _minutes[minute % Minutes];
            if (slot.Minute != minute)
                slot = (minute, 0, 0);
            slot.Calls++;
            slot.References += references;
        }
    }

    public BackendStatus Status(string name, string state, string? detail)
    {
        lock (_lock)
        {
            var now = CurrentMinute();
            var day = _minutes.Where(slot => now - slot.Minute < Minutes).ToArray();
            return new BackendStatus(
                name, state, detail, _calls, day.Where(slot => now - slot.Minute < 60).Sum(slot => slot.Calls), day.Sum(slot => slot.Calls), day.Sum(slot => slot.References));
        }
    }

    // Counted from 1440 on, so that the slots' initial minute 0 is long past.
    private long CurrentMinute() => (clock.GetTimestamp() / (clock.TimestampFrequency * 60)) + (2 * Minutes);
}
