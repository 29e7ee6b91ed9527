using Opx.Cli.Output;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Cli.Auditing;

/// <summary>The records of all days, one after the other, through lines that are none, which are counted.</summary>
internal sealed class RecordStream(string directory)
{
    /// <summary>Lines that could not be understood so far.</summary>
    public long Unreadable { get; private set; }

    public string Directory => directory;

    /// <summary>The log of the user who asks.</summary>
    /// <exception cref="FailureException">There is none.</exception>
    public static RecordStream Of(Invocation invocation)
    {
        var directory = OpxPaths.From(invocation.Around.Variable).DataDirectory;
        var exists = PrivateDirectory.Check(directory, invocation.Around.UserId)
            // Where the files are gone and these are not, there is something to be said about it.
            && (AuditFiles.Days(directory).Count > 0 || File.Exists(AuditFiles.HeadFile(directory)) || File.Exists(AuditFiles.KeyFile(directory)));
        if (!exists)
        {
            throw new FailureException(
                ExitCode.Failed, $"there is no audit log in {Printable.Text(directory)}: start opx-authd with --enable-audit-log");
        }

        return new RecordStream(directory);
    }

    /// <summary>The records from a moment on, oldest first.</summary>
    public IEnumerable<AuditRecord> Since(DateTimeOffset since)
    {
        // A file holds no records of later days than its own, which were days of wherever the machine was: no place is further behind than this.
        var earliest = DateOnly.FromDateTime(since.UtcDateTime.AddHours(-14));
        foreach (var day in AuditFiles.Days(directory).Where(day => day >= earliest))
        {
            foreach (var record in Of(AuditFiles.DayFile(directory, day)))
            {
                if (record.Timestamp >= since)
                    yield return record;
            }
        }
    }

    /// <summary>The records of one file.</summary>
    public IEnumerable<AuditRecord> Of(string path)
    {
        using var file = Open(path);
        if (file is null)
            yield break;
        var lines = new AuditLineReader(file);
        while (Next(lines, out var record))
        {
            if (record is null)
                Unreadable++;
            else
                yield return record;
        }
    }

    /// <summary>What is to be said of lines that could not be understood; nothing where there are none.</summary>
    public void ReportUnreadable()
    {
        if (Unreadable > 0)
            Messages.Error($"{Count.Of(Unreadable, "line")} of the audit log cannot be understood: 'opx audit verify' says which");
    }

    private static bool Next(AuditLineReader lines, out AuditRecord? record)
    {
        record = null;
        if (!lines.TryRead(out var line, out var end))
            return false;
        record = end == AuditLineEnd.TooLong ? null : AuditRecord.Parse(line);
        return true;
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return AuditFiles.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Messages.Error($"cannot read {Printable.Text(path)}: {Printable.Text(error.Message)}");
            return null;
        }
    }
}
