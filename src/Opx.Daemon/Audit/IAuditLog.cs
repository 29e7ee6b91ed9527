using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>⑧ Takes the record of what happened before anybody is told of it.</summary>
internal interface IAuditLog
{
    /// <summary>False where nothing is recorded.</summary>
    bool IsOn { get; }

    /// <summary>Null where records can be written, tried again where the last one could not; else what every read is refused with.</summary>
    /// <param name="records">How many there would have been: the log's next record tells of those that are not in it.</param>
    Problem? Refusal(int records);

    /// <summary>Null once the events are in the file, in their order; else why none of them is.</summary>
    Problem? Append(params ReadOnlySpan<AuditEvent> events);
}

/// <summary>The audit log is off.</summary>
internal sealed class NoAuditLog : IAuditLog
{
    public bool IsOn => false;

    public Problem? Refusal(int records) => null;

    public Problem? Append(params ReadOnlySpan<AuditEvent> events) => null;
}
