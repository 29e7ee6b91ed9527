using System.CommandLine;
using Opx.Cli.Auditing;
using Opx.Cli.Output;
using Opx.Protocol.Files;

namespace Opx.Cli.Commands;

/// <summary><c>opx audit export</c>: the log for somebody who checks it with <c>openssl</c>.</summary>
internal sealed class AuditExportCommand : Command, IOpxCommand
{
    private readonly Option<string> _out = new("--out")
    { HelpName = "DIR", Description = "Where to; a directory that is new or empty.", Required = true };

    private readonly Option<bool> _json = Report.JsonOption();

    public AuditExportCommand()
        : base("export", "Copy the audit log for somebody who checks it with openssl.")
    {
        Options.Add(_out);
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        AuditCommand.RefuseOwnOptions(invocation);
        var directory = RecordStream.Of(invocation).Directory;
        var target = Path.GetFullPath(invocation.Value(_out)!);
        var report = new Report(invocation, _json);
        report.Fact("path", target);
        report.Say(new AuditExport(directory, target).Run());
        var printed = report.Print();
        var faults = AuditVerifier.Verify(directory).Faults;
        return faults == 0
            ? printed
            : Messages.Fail(ExitCode.Failed, $"the log has {Count.Of(faults, "fault")}, and so has the export: 'opx audit verify' names them");
    }
}
