using System.Security.Cryptography;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>
/// Where the chain goes on at a start. Where head and files disagree, it goes on from the one that is further: what is missing stays missing for
/// everybody to see, instead of being covered up by a daemon that begins where the rest ends. Whatever is wrong becomes a record that says so, which
/// the reader of the log counts as a fault: a start makes nothing good.
/// </summary>
internal sealed class Continuation(string directory, HeadFile file, ECDsa key, bool keyIsNew)
{
    private readonly List<AuditEvent> _notes = [];

    /// <summary>What is to be said in the first records.</summary>
    public IReadOnlyList<AuditEvent> Notes => _notes;

    public AuditHead Find()
    {
        var head = file.Found;
        var last = LogEnds.Last(directory, out var endsInGarbage);
        if (head is null && last is null)
        {
            if (!keyIsNew || file.Exists || AuditFiles.Days(directory).Count > 0)
                Damage("there is a key or a file and no record: the whole audit log was removed");
            return AuditHead.Empty;
        }

        if (keyIsNew)
            Damage("audit.key was missing: a new one was made");
        else if (head is null)
            Damage(file.Exists ? "audit.head was not written by opx-authd" : "audit.head was missing");
        if (endsInGarbage)
            Damage("lines that are no records stood at the end");
        // What a signature says of the beginning goes before what the head says, and that before what the files look like.
        var first = LogEnds.SignedFirst(directory, key) ?? head?.First ?? 1;
        if (LogEnds.First(directory, AuditFiles.Days(directory)) is { } begin && begin > first)
            Damage($"the log began with record {begin} instead of {first}");
        return Compare(head, last) with { First = first };
    }

    private AuditHead Compare(AuditHead? head, (long Seq, string Hash)? last)
    {
        if (head is null)
            return new AuditHead(last!.Value.Seq, last.Value.Hash, 1);
        var seq = last?.Seq ?? 0;
        if (seq > head.Seq)
        {
            var (took, isChained) = LogEnds.Behind(directory, head);
            if (!isChained)
                Damage($"record {head.Seq} was not the one that audit.head names");
            // Less is what a daemon leaves that was killed.
            Note($"audit.head was {seq - head.Seq} records behind", isDamage: took > AuditVerifier.HeadPatience);
            return head with { Seq = seq, Hash = last!.Value.Hash };
        }

        if (seq < head.Seq)
            Damage(seq == 0 ? $"all records up to {head.Seq} were missing" : $"records {seq + 1} to {head.Seq} were missing");
        else if (last?.Hash != head.Hash && seq > 0)
            Damage($"record {seq} was not the one that audit.head names");
        return head;
    }

    private void Damage(string reason) => Note(reason, isDamage: true);

    private void Note(string reason, bool isDamage) =>
        _notes.Add(new AuditEvent(AuditEvents.Daemon) { Reason = reason, Outcome = isDamage ? AuditEvent.LogDamaged : null });
}
