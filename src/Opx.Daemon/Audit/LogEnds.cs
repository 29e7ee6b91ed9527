using System.Text;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>Looks at the files for where the chain begins and ends. A file that cannot be read has neither; the reader of the log names it.</summary>
internal static class LogEnds
{
    // Enough for the longest line and what a crash may have left behind it.
    private const long Tail = 4L * AuditLine.MostBytes;

    private delegate bool Look(long seq, ReadOnlySpan<byte> hash);

    /// <summary>The newest record that is whole; null where there is none.</summary>
    public static (long Seq, string Hash)? Last(string directory)
    {
        (long Seq, string Hash)? last = null;
        foreach (var day in AuditFiles.Days(directory).AsEnumerable().Reverse())
        {
            // A line that begins before the tail counts: its end tells all that is wanted.
            Read(directory, day, Tail, (seq, hash) =>
            {
                last = (seq, Encoding.ASCII.GetString(hash));
                return true;
            });
            if (last is not null)
                break;
        }

        return last;
    }

    /// <summary>The number of the first record of these days; null where there is none.</summary>
    public static long? First(string directory, IEnumerable<DateOnly> days)
    {
        long? first = null;
        foreach (var day in days)
        {
            Read(directory, day, long.MaxValue, (seq, _) =>
            {
                first = seq;
                return false;
            });
            if (first is not null)
                break;
        }

        return first;
    }

    private static void Read(string directory, DateOnly day, long tail, Look look)
    {
        try
        {
            using var file = AuditFiles.OpenRead(AuditFiles.DayFile(directory, day));
            file.Seek(Math.Max(0, file.Length - tail), SeekOrigin.Begin);
            var lines = new AuditLineReader(file);
            while (lines.TryRead(out var line, out var end))
            {
                if (end == AuditLineEnd.Whole && AuditLine.TryOpen(line, out var link) && !look(link.Seq, link.Hash))
                    return;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not ours to mend.
        }
    }
}
