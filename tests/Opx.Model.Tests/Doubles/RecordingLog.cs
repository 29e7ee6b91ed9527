using Opx.Daemon.Audit;
using Opx.Model.Tests.Stepping;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Model.Tests.Doubles;

/// <summary>An audit log in memory, which may be out of order.</summary>
internal sealed class RecordingLog : IAuditLog
{
    private static readonly Problem OutOfOrder = new(ErrorCode.Internal, "the audit log is out of order");

    public List<AuditEvent> Records { get; } = [];

    public bool IsBroken { get; set; }

    public bool IsOn => true;

    public Problem? Refusal(int records)
    {
        Fiber.Point();
        return IsBroken ? OutOfOrder : null;
    }

    public Problem? Append(params ReadOnlySpan<AuditEvent> events)
    {
        AuditEvent[] all = [.. events];
        Fiber.Point();
        if (IsBroken)
            return OutOfOrder;
        Records.AddRange(all);
        Fiber.Point();
        return null;
    }
}
