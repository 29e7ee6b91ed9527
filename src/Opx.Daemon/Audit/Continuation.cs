using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>
/// Where the chain goes on at a start. Where head and files disagree, it goes on from the one that is further: what is missing stays missing for
/// everybody to see, instead of being covered up by a daemon that begins where the rest ends.
/// </summary>
internal static class Continuation
{
    public static AuditHead Find(string directory, HeadFile file, bool keyIsNew, List<string> notes)
    {
        var head = file.Found;
        var last = LogEnds.Last(directory);
        if (head is null && (file.Exists || last is not null))
            notes.Add(file.Exists ? "audit.head could not be understood" : "audit.head was missing");
        if (head is null && last is null)
        {
            if (!keyIsNew)
                notes.Add("there is a key and no audit log: all of it was removed");
            return AuditHead.Empty;
        }

        if (head is null)
            return new AuditHead(last!.Value.Seq, last.Value.Hash, LogEnds.First(directory, AuditFiles.Days(directory)) ?? 1);
        var seq = last?.Seq ?? 0;
        if (seq > head.Seq)
        {
            notes.Add($"audit.head was {seq - head.Seq} records behind");
            return head with { Seq = seq, Hash = last!.Value.Hash };
        }

        if (seq < head.Seq)
            notes.Add(seq == 0 ? $"all records up to {head.Seq} were missing" : $"records {seq + 1} to {head.Seq} were missing");
        else if (last?.Hash != head.Hash && seq > 0)
            notes.Add($"record {seq} was not the one that audit.head names");
        return head;
    }
}
