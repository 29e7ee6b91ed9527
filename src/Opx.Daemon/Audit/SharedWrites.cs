using System.Runtime.InteropServices;
using Opx.Daemon.Listening.Polling;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>
/// One write for the records of all requests of a <see cref="Round"/>: each waits until everything that is ready has been looked at, and goes on when its
/// own are in the file. Of a record's cost most is the write's.
/// </summary>
internal sealed class SharedWrites(IAuditLog log)
{
    private static readonly Problem NotWritten = new(ErrorCode.Internal, "the read is refused, because its record was not written");

    // Only the poller's thread ever finds records of others in it.
    private Write _next = new();

    /// <inheritdoc cref="IAuditLog.Append"/>
    public ValueTask<Problem?> AppendAsync(ReadOnlySpan<AuditEvent> events)
    {
        if (Round.End.IsCompleted)
            return new(log.Append(events));
        _next.Events.AddRange(events);
        return new(WaitAsync(_next));
    }

    private async Task<Problem?> WaitAsync(Write ours)
    {
        await Round.End;
        // The first to go on writes for all.
        if (ours == _next)
        {
            _next = new Write();
            ours.Failure = log.Append(CollectionsMarshal.AsSpan(ours.Events));
        }

        return ours.Failure;
    }

    private sealed class Write
    {
        public List<AuditEvent> Events { get; } = [];

        /// <summary>Stays where the log throws what nobody expected: the first learns of that, and no other may take its record for written.</summary>
        public Problem? Failure { get; set; } = NotWritten;
    }
}
