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
        // Some places put their clocks forward at midnight: there is no 00:00 then.
        while (zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(15);
        // And some put them back over it: the first of two counts.
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset);
    }
}
