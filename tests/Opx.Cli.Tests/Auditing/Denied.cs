using Opx.Protocol.Files;

namespace Opx.Cli.Tests.Auditing;

internal static class Denied
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static AuditRecord Record(string? path, string reference, int minute = 0, string decision = AuditEvent.Deny, string? script = null) =>
        new(Noon.AddMinutes(minute), new AuditEvent(AuditEvents.AccessDecision)
        {
            Peer = new AuditPeer(7, path, 1000, 1000, Script: script),
            Reference = reference,
            Decision = decision,
        }, 1);
}
