using System.CommandLine;
using Opx.Cli.Auditing;
using Opx.Cli.Output;
using Opx.Protocol.Files;

namespace Opx.Cli.Commands;

/// <summary><c>opx audit verify</c>: whether the log is what was written. Exit 0 or 1.</summary>
internal sealed class AuditVerifyCommand : Command, IOpxCommand
{
    private readonly Option<bool> _json = Report.JsonOption();

    public AuditVerifyCommand()
        : base("verify", "Check that nobody changed the audit log; exit 1 if anybody did.")
    {
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        AuditCommand.RefuseOwnOptions(invocation);
        var directory = RecordStream.Of(invocation).Directory;
        var log = AuditVerifier.Verify(directory);
        var report = new Report(invocation, _json);
        report.Fact("intact", log.Faults == 0);
        report.Fact("records", log.Records);
        report.Fact("faults", log.Faults);
        foreach (var finding in log.Findings)
            report.Say(finding.ToString()!);
        if (log.Findings.Count < log.Faults)
            report.Say($"and {log.Faults - log.Findings.Count} more");
        var extent = $"{Count.Of(log.Records, "record")} in {Count.Of(log.Files, "file")}, {Count.Of(log.Signatures, "signature")}";
        report.Say(log.Faults == 0
            ? $"the audit log is intact: {extent}"
            : $"the audit log is not as it was written: {Count.Of(log.Faults, "fault")} in {extent}");
        return report.Print(log.Faults > 0 ? ExitCode.Failed : ExitCode.Done);
    }
}
