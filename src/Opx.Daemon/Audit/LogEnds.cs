using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>Looks at the files for where the chain begins and ends. A file that cannot be read has neither; the reader of the log names it.</summary>
internal static class LogEnds
{
    // Enough for the longest line and what a crash may have left behind it.
    private const long Tail = 4L * AuditLine.MostBytes;

    // False ends the reading. The link is empty where the line is no record.
    private delegate bool Look(ReadOnlySpan<byte> line, AuditLineEnd end, bool isRecord, AuditLink link);

    /// <summary>The newest record that is whole; null where there is none.</summary>
    /// <param name="endsInGarbage">True where whole lines that are no records stand behind it, which no crash leaves.</param>
    public static (long Seq, string Hash)? Last(string directory, out bool endsInGarbage)
    {
        (long Seq, string Hash)? last = null;
        var (garbage, isNewest) = (false, true);
        foreach (var day in AuditFiles.Days(directory).AsEnumerable().Reverse())
        {
            // A line that begins before the tail counts: its end tells all that is wanted.
            Read(directory, day, Tail, (_, end, isRecord, link) =>
            {
                if (isRecord)
                    last = (link.Seq, Encoding.ASCII.GetString(link.Hash));
                garbage = isNewest ? !isRecord && end != AuditLineEnd.Torn : garbage;
                return true;
            });
            isNewest = false;
            if (last is not null)
                break;
        }

        endsInGarbage = garbage;
        return last;
    }

    /// <summary>The number of the first record of these days; null where there is none.</summary>
    public static long? First(string directory, IEnumerable<DateOnly> days)
    {
        long? first = null;
        foreach (var day in days)
        {
            Read(directory, day, long.MaxValue, (_, _, isRecord, link) =>
            {
                first = isRecord ? link.Seq : null;
                return !isRecord;
            });
            if (first is not null)
                break;
        }

        return first;
    }

    /// <summary>Where the log begins by the newest signature of ours; null where there is none.</summary>
    public static long? SignedFirst(string directory, ECDsa key)
    {
        long? first = null;
        foreach (var day in AuditFiles.Days(directory).AsEnumerable().Reverse())
        {
            // A day that ended in peace has its signature last.
            foreach (var tail in new[] { Tail, long.MaxValue })
            {
                Read(directory, day, tail, (line, _, isRecord, link) =>
                {
                    if (isRecord && AuditLine.IsEvent(line, "CHECKPOINT"u8) && link.IsIntact && link.SignedText is { } text
                        && AuditLink.IsSignedBy(text, link.Signature, key))
                    {
                        using var document = JsonDocument.Parse(text);
                        first = document.RootElement.GetProperty("first").GetInt64();
                    }

                    return true;
                });
                if (first is not null)
                    return first;
            }
        }

        return null;
    }

    /// <summary>What stands behind a record: how long it took to write, by its own times, and whether that record has this hash.</summary>
    public static (TimeSpan Took, bool IsChained) Behind(string directory, AuditHead head)
    {
        (DateTimeOffset? begin, DateTimeOffset? end, var isChained, var isReached) = ((DateTimeOffset?)null, (DateTimeOffset?)null, head.Seq == 0, false);
        foreach (var day in AuditFiles.Days(directory).AsEnumerable().Reverse())
        {
            DateTimeOffset? newest = null;
            Read(directory, day, long.MaxValue, (line, _, isRecord, link) =>
            {
                isReached |= isRecord && link.Seq <= head.Seq + 1;
                if (isRecord && link.Seq == head.Seq)
                    isChained = Encoding.ASCII.GetString(link.Hash) == head.Hash;
                if (!isRecord || link.Seq <= head.Seq)
                    return true;
                var time = AuditRecord.Parse(line)?.Timestamp;
                begin = link.Seq == head.Seq + 1 ? time : begin;
                newest = time ?? newest;
                return true;
            });
            end ??= newest;
            if (isReached && isChained)
                break;
        }

        return (end - begin ?? TimeSpan.MaxValue, isChained);
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
                // A record that lacks nothing but its newline is one.
                var isRecord = AuditLine.TryOpen(line, out var link) && end != AuditLineEnd.TooLong && (end == AuditLineEnd.Whole || link.IsIntact);
                if (!look(line, end, isRecord, isRecord ? link : default))
                    return;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not ours to mend.
        }
    }
}
