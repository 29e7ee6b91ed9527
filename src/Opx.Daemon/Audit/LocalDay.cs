namespace Opx.Daemon.Audit;

/// <summary>Days as the clock on the wall has them.</summary>
internal static class LocalDay
{
    public static DateOnly Of(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>When the day is over.</summary>
    public static DateTimeOffset End(DateOnly day, TimeZoneInfo zone)
    {
        if (day >= DateOnly.MaxValue.AddDays(-1))
            return DateTimeOffset.MaxValue;
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        // Some places put their clocks back over it: the first of two counts.
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        var end = new DateTimeOffset(midnight, offset);
        // And some put them forward over it, or are in another zone from then on: there is no 00:00 then, whatever offset is made up for it.
        return Of(end, zone) > day && Of(end.AddTicks(-1), zone) <= day ? end : Jump(day, midnight, zone);
    }

    // No place is further than fourteen hours from Greenwich.
    private static DateTimeOffset Jump(DateOnly day, DateTime midnight, TimeZoneInfo zone)
    {
        var around = new DateTimeOffset(midnight, TimeSpan.Zero);
        var (before, after) = (around.AddHours(-15), around.AddHours(15));
        while (after - before > TimeSpan.FromTicks(1))
        {
            var between = before + ((after - before) / 2);
            (before, after) = Of(between, zone) > day ? (before, between) : (between, after);
        }

        return after;
    }
}
