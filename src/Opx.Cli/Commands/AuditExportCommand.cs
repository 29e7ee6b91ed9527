using System.CommandLine;
using Opx.Cli.Auditing;
using Opx.Cli.Output;

namespace Opx.Cli.Commands;

/// <summary><c>opx audit export</c>: the log for somebody who checks it with <c>openssl</c>.</summary>
internal sealed class AuditExportCommand : Command, IOpxCommand
{
    private readonly Option<string> _out = new("--out")
    { HelpName = "DIR", Description = "Where to; a directory that is new or empty.", Required = true };

    public AuditExportCommand()
        : base("export", "Copy the audit log for somebody who checks it with openssl.")
    {
        Options.Add(_out);
    }

    public int Run(Invocation invocation)
    {
        var directory = RecordStream.Of(invocation).Directory;
        return StandardStreams.Print(new AuditExport(directory, Path.GetFullPath(invocation.Value(_out)!)).Run());
    }
}
