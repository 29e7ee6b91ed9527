using Opx.Protocol.Interop;

namespace Opx.Daemon.Interop;

/// <summary>
/// The machine's time zone as it is now. .NET reads it once in a process' life, and a daemon outlives a journey: its days would end at the midnights of
/// the place that it was started in.
/// </summary>
internal sealed class LocalZone
{
    private readonly Lock _lock = new();
    private readonly string? _file;
    private Stat? _seen;

    /// <param name="variable"><c>TZ</c>, which goes before what the machine is set to.</param>
    /// <param name="directory"><c>TZDIR</c>.</param>
    public LocalZone(string? variable, string? directory)
    {
        _file = FileOf(variable, directory);
        _seen = Look();
    }

    /// <summary>The file that .NET takes the zone from; null where it takes none, and there is nothing that could change.</summary>
    internal static string? FileOf(string? variable, string? directory)
    {
        if (variable is null)
            return "/etc/localtime";
        var name = variable.StartsWith(':') ? variable[1..] : variable;
        return name.Length == 0 ? null : Path.Combine(directory is { Length: > 0 } ? directory : "/usr/share/zoneinfo", name);
    }

    /// <summary>Asks the system whether the file is still the one that was read: a microsecond.</summary>
    public TimeZoneInfo Current()
    {
        lock (_lock)
        {
            // None at all is a moment in which somebody puts another in its place, and no move to Greenwich.
            if (Look() is { } now && now != _seen)
            {
                TimeZoneInfo.ClearCachedData();
                _seen = now;
            }

            return TimeZoneInfo.Local;
        }
    }

    private Stat? Look() => _file is null ? null : Stat.Of(_file, follow: true);
}
