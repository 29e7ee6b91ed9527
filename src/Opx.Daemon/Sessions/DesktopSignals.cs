namespace Opx.Daemon.Sessions;

/// <summary>A program that prints a line when the desktop is locked or the machine goes to sleep, and how to know that line.</summary>
/// <param name="IsLock">True for a line that means a lock.</param>
internal sealed partial record DesktopSignals(string Program, IReadOnlyList<string> Arguments, Func<string, bool> IsLock)
{
    private const string Sessions = "/org/freedesktop/login1/session/";

    public static DesktopSignals OfThisSystem(uint owner) =>
        OperatingSystem.IsMacOS() ? MacOS() : Linux(session => OwnerOf($"/run/systemd/sessions/{session}") is not { } other || other == owner);

    /// <summary>
    /// systemd-logind, told by <c>gdbus monitor</c> (GLib): a line is <c>/the/object: the.interface.Signal (arguments,)</c>. The bus itself
    /// vouches for the sender.
    /// </summary>
    /// <param name="isOurs">True for a session that is not known to be somebody else's.</param>
    public static DesktopSignals Linux(Func<string, bool> isOurs) => new(
        "gdbus", ["monitor", "--system", "--dest", "org.freedesktop.login1"], line => IsLogindLock(line, isOurs));

    private static bool IsLogindLock(string line, Func<string, bool> isOurs)
    {
        if (line.StartsWith("/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true", StringComparison.Ordinal))
            return true;
        var end = line.IndexOf(':');
        return line.StartsWith(Sessions, StringComparison.Ordinal)
            && line.AsSpan(end).StartsWith(": org.freedesktop.login1.Session.Lock (", StringComparison.Ordinal)
            && isOurs(Unescaped(line[Sessions.Length..end]));
    }

    /// <summary>A session's name from its object's path, where letters and digits stand for themselves and <c>_31</c> for <c>1</c>.</summary>
    private static string Unescaped(string label)
    {
        var name = new System.Text.StringBuilder();
        for (var i = 0; i < label.Length; i++)
        {
            var isEscape = label[i] == '_' && i + 2 < label.Length && char.IsAsciiHexDigit(label[i + 1]) && char.IsAsciiHexDigit(label[i + 2]);
            name.Append(isEscape ? (char)Convert.ToByte(label.Substring(i + 1, 2), 16) : label[i]);
            i += isEscape ? 2 : 0;
        }

        // It becomes part of a path.
        return name.ToString().Replace('/', '_');
    }

    private static uint? OwnerOf(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault(line => line.StartsWith("UID=", StringComparison.Ordinal)) is { } line
                && uint.TryParse(line.AsSpan(4), out var owner) ? owner : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
