using System.Globalization;
using Opx.Protocol.Interop;

namespace Opx.Protocol.Files;

/// <summary>The files of the audit log in the data directory.</summary>
public static class AuditFiles
{
    private const string Prefix = "audit-";
    private const string Suffix = ".log";
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>The private key that signs checkpoints, and beside it the public one.</summary>
    public static string KeyFile(string directory) => Path.Combine(directory, "audit.key");

    public static string PublicKeyFile(string directory) => Path.Combine(directory, "audit.pub");

    /// <summary>The number and the hash of the newest record: <see cref="AuditHead"/>.</summary>
    public static string HeadFile(string directory) => Path.Combine(directory, "audit.head");

    /// <summary>Held by the daemon that writes.</summary>
    public static string LockFile(string directory) => Path.Combine(directory, "audit.lock");

    /// <summary>The file of a local day.</summary>
    public static string DayFile(string directory, DateOnly day) =>
        Path.Combine(directory, Prefix + day.ToString(DayFormat, CultureInfo.InvariantCulture) + Suffix);

    /// <summary>The days that have a file, oldest first: the order in which their records were written.</summary>
    public static List<DateOnly> Days(string directory)
    {
        if (!Directory.Exists(directory))
            return [];
        var days = new List<DateOnly>();
        foreach (var path in Directory.EnumerateFiles(directory, Prefix + "*" + Suffix))
        {
            if (Day(Path.GetFileName(path)) is { } day)
                days.Add(day);
        }

        days.Sort();
        return days;
    }

    /// <summary>Opens a day's file, which a daemon may be writing.</summary>
    /// <exception cref="IOException">It is no plain file (a pipe would wait for ever), or the system refused.</exception>
    public static FileStream OpenRead(string path) => FileStatus.Of(path) is not { IsRegularFile: true }
        ? throw new IOException($"{Printable.Text(path)} is not a plain file")
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    /// <summary>The day in a file's name; null for the name of another file.</summary>
    public static DateOnly? Day(string name)
    {
        if (name.Length != Prefix.Length + DayFormat.Length + Suffix.Length
            || !name.StartsWith(Prefix, StringComparison.Ordinal)
            || !name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return null;
        }

        var day = name.AsSpan(Prefix.Length, DayFormat.Length);
        return DateOnly.TryParseExact(day, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : null;
    }
}
