using Opx.Daemon.Access;
using Opx.Daemon.Secrets;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>One record per reference and caller, cached or not, in the file before the outcome goes anywhere.</summary>
internal sealed class AuditedReads(IAuditLog log)
{
    private readonly SharedWrites _writes = new(log);

    public delegate ValueTask<ReadOutcome[]> Reading(
        IReadOnlyList<SecretReference> references, AccessRuling ruling, ReadContext context, CancellationToken cancellation);

    public ValueTask<ReadOutcome[]> ReadAsync(
        IReadOnlyList<SecretReference> references, AccessRuling ruling, ReadContext context, Reading read, CancellationToken cancellation)
    {
        if (!log.IsOn)
            return read(references, ruling, context, cancellation);
        // Before a backend is asked, or a person prompted, for something that could not be answered.
        if (log.Refusal(references.Count) is { } refusal)
            return new(Refused(references, refusal));
        return new(RecordAsync(references, ruling, context, read(references, ruling, context, cancellation)));
    }

    private async Task<ReadOutcome[]> RecordAsync(
        IReadOnlyList<SecretReference> references, AccessRuling ruling, ReadContext context, ValueTask<ReadOutcome[]> reading)
    {
        ReadOutcome[] outcomes;
        try
        {
            outcomes = await reading;
        }
        catch (OperationCanceledException)
        {
            // The caller is gone; that it asked, and what was decided, is recorded all the same.
            log.Append([.. references.Select((reference, i) => Decision(reference, ruling, i, context, default) with { Outcome = "cancelled" })]);
            throw;
        }

        var failure = references.Count == 1
            ? await _writes.AppendAsync([Decision(references[0], ruling, 0, context, outcomes[0])])
            : await _writes.AppendAsync([.. references.Select((reference, i) => Decision(reference, ruling, i, context, outcomes[i]))]);
        if (failure is null)
            return outcomes;
        foreach (var outcome in outcomes)
            outcome.Dispose();
        return Refused(references, failure);
    }

    private static AuditEvent Decision(SecretReference reference, AccessRuling ruling, int index, ReadContext context, ReadOutcome outcome) =>
        new(AuditEvents.AccessDecision)
        {
            RequestId = context.RequestId,
            Peer = PeerRecord.Of(context.Peer, ruling.Who),
            Reference = reference.Text,
            Account = context.Account,
            Decision = ruling[index].Refusal is null ? AuditEvent.Allow : AuditEvent.Deny,
            Reason = PeerRecord.Reason(ruling[index].Reason, ruling.Who),
            PolicyPath = ruling.PolicyPath,
            Outcome = outcome.Problem?.Code.Name() ?? (outcome.FromCache ? "cache" : "backend"),
        };

    private static ReadOutcome[] Refused(IReadOnlyList<SecretReference> references, Problem problem) =>
        [.. references.Select(reference => ReadOutcome.Of(problem with { Reference = reference.Text }))];
}
