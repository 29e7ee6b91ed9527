namespace Opx.TestKit.Vault;

/// <summary>A clock ahead of another: the server's time can jump without anybody waiting.</summary>
internal sealed class SteppedClock(TimeProvider clock) : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
