using Opx.Policy;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Cli.Auditing;

/// <summary>What a policy would have said to what the log tells of, by the code that the daemon decides with.</summary>
/// <param name="Allowed">Denials it would have allowed.</param>
/// <param name="Denied">Denials it would have repeated.</param>
/// <param name="Lost">Reads that were allowed, and that it denies though the policy of today allows them.</param>
internal sealed record Replay(long Allowed, long Denied, long Lost)
{
    /// <param name="today">Null where there is no policy.</param>
    public static Replay Of(IEnumerable<AuditRecord> records, AccessPolicy? today, AccessPolicy proposed, DateTimeOffset now)
    {
        var (allowed, denied, lost) = (0L, 0L, 0L);
        foreach (var record in records)
        {
            if (record.Content is not { Event: AuditEvents.AccessDecision, Decision: { } decision, Reference: { } text, Peer: { } peer }
                || SecretReference.Parse(text, out _) is not { } reference)
            {
                continue;
            }

            var caller = CallerOf(peer);
            var isAllowed = peer.Path is not null && proposed.Decide(caller, reference, now).Allowed;
            if (decision == AuditEvent.Deny && isAllowed)
                allowed++;
            else if (decision == AuditEvent.Deny)
                denied++;
            else if (!isAllowed && (today is null || today.Decide(caller, reference, now).Allowed))
                lost++;
        }

        return new Replay(allowed, denied, lost);
    }

    public override string ToString() =>
        $"Over this log it would have allowed {Allowed}, still denies {Denied}"
        + (Lost > 0 ? $", and denies {Lost} that were allowed, because references that a rule names are for those alone whom it names" : "");

    // The log does not tell of ancestors: a rule that asks for them cannot be known to match.
    private static Caller CallerOf(AuditPeer peer) => new()
    {
        ProcessId = peer.ProcessId,
        UserId = peer.UserId,
        GroupId = peer.GroupId,
        Path = peer.Path,
        Script = peer.Script,
        Parents = [Caller.Unreadable],
    };
}
