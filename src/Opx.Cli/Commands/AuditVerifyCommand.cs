using System.CommandLine;
using System.Text;
using Opx.Cli.Auditing;
using Opx.Cli.Output;
using Opx.Protocol.Files;

namespace Opx.Cli.Commands;

/// <summary><c>opx audit verify</c>: whether the log is what was written. Exit 0 or 1.</summary>
internal sealed class AuditVerifyCommand() : Command("verify", "Check that nobody changed the audit log; exit 1 if anybody did."), IOpxCommand
{
    public int Run(Invocation invocation)
    {
        AuditCommand.RefuseOwnOptions(invocation);
        var directory = RecordStream.Of(invocation).Directory;
        var report = AuditVerifier.Verify(directory);
        var text = new StringBuilder();
        foreach (var finding in report.Findings)
            text.Append(finding).Append('\n');
        if (report.Findings.Count < report.Faults)
            text.Append($"and {report.Faults - report.Findings.Count} more\n");
        var extent = $"{Count.Of(report.Records, "record")} in {Count.Of(report.Files, "file")}, {Count.Of(report.Signatures, "signature")}";
        text.Append(report.Faults == 0
            ? $"the audit log is intact: {extent}\n"
            : $"the audit log is not as it was written: {Count.Of(report.Faults, "fault")} in {extent}\n");
        var printed = StandardStreams.Print(text.ToString());
        return printed == ExitCode.Done && report.Faults > 0 ? ExitCode.Failed : printed;
    }
}
