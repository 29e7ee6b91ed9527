using System.Runtime.InteropServices;

namespace Opx.Daemon.Interop;

/// <summary>
/// The system's time with a stopwatch that goes on while the machine sleeps and does not follow a change of the wall clock: idle times and
/// lifetimes are real time. Timers come from .NET and stand still in sleep, so whoever relies on one also asks the stopwatch.
/// </summary>
/// <param name="zone">Where the machine is by now.</param>
internal sealed partial class SuspendAwareClock(LocalZone zone) : TimeProvider
{
    // CLOCK_BOOTTIME on Linux; CLOCK_MONOTONIC counts sleep on macOS.
    private static readonly int Clock = OperatingSystem.IsMacOS() ? 6 : 7;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => GetTime(Clock, out var time) == 0
        ? (time.Seconds * 1_000_000_000) + time.Nanoseconds
        : throw new InvalidOperationException("the system has no clock that counts sleep");

    public override TimeZoneInfo LocalTimeZone => zone.Current();

    private record struct Time(long Seconds, long Nanoseconds);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int GetTime(int clock, out Time time);
}
