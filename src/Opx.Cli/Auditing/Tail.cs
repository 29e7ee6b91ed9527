using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol.Files;

namespace Opx.Cli.Auditing;

/// <summary>The newest records, and those that come.</summary>
/// <param name="append">Puts one into words, a line or more.</param>
internal sealed class Tail(RecordStream records, Action<StringBuilder, AuditRecord> append)
{
    private const int Interval = 250;

    public int Last(int count)
    {
        var last = new List<AuditRecord>();
        foreach (var day in AuditFiles.Days(records.Directory).AsEnumerable().Reverse())
        {
            if (last.Count >= count)
                break;
            var wanted = count - last.Count;
            var ofDay = new Queue<AuditRecord>();
            foreach (var record in records.Of(AuditFiles.DayFile(records.Directory, day)))
            {
                ofDay.Enqueue(record);
                if (ofDay.Count > wanted)
                    ofDay.Dequeue();
            }

            last.InsertRange(0, ofDay);
        }

        return Print(last);
    }

    /// <summary>Prints what is written from now on, until whoever reads has gone.</summary>
    public int Follow()
    {
        var (path, at) = Newest(records.Directory) is { } newest ? (newest, new FileInfo(newest).Length) : ("", 0);
        // Waiting for an error of standard output is waiting for its reader to go, with a limit.
        while (!Descriptor.Wait(StandardStreams.Output, 0, Interval))
        {
            var found = Newest(records.Directory) ?? path;
            if (path.Length > 0 && Grown(path, ref at) is var failed and not 0)
                return failed;
            if (found != path)
                (path, at) = (found, 0);
        }

        return ExitCode.Done;
    }

    private int Grown(string path, ref long at)
    {
        if (!File.Exists(path) || new FileInfo(path).Length <= at)
            return ExitCode.Done;
        var grown = new List<AuditRecord>();
        using var file = AuditFiles.OpenRead(path);
        file.Seek(at, SeekOrigin.Begin);
        var lines = new AuditLineReader(file);
        var from = at;
        while (lines.TryRead(out var line, out var end))
        {
            // Not yet written to its end: it is looked at again.
            if (end == AuditLineEnd.Torn)
                break;
            at = from + lines.NextStart;
            if (AuditRecord.Parse(line) is { } record)
                grown.Add(record);
        }

        return Print(grown);
    }

    private int Print(List<AuditRecord> shown)
    {
        var text = new StringBuilder();
        foreach (var record in shown)
            append(text, record);
        return text.Length == 0 ? ExitCode.Done : StandardStreams.Print(text.ToString());
    }

    private static string? Newest(string directory) => AuditFiles.Days(directory) is [.., var day] ? AuditFiles.DayFile(directory, day) : null;
}
