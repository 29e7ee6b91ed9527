using System.CommandLine;
using System.Globalization;
using Opx.Cli.Auditing;
using Opx.Cli.Output;

namespace Opx.Cli.Commands;

/// <summary><c>opx audit tail</c>: the newest records.</summary>
internal sealed class AuditTailCommand : Command, IOpxCommand
{
    private readonly Option<string> _lines = new("--lines", "-n") { HelpName = "N", Description = "How many.", DefaultValueFactory = _ => "10" };
    private readonly Option<bool> _follow = new("--follow", "-f")
    { Arity = ArgumentArity.Zero, Description = "Go on with what is written from now on." };
    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "Print a JSON object a line." };

    public AuditTailCommand()
        : base("tail", "Print the newest records of the audit log.")
    {
        Options.Add(_lines);
        Options.Add(_follow);
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        AuditCommand.RefuseOwnOptions(invocation);
        if (!int.TryParse(invocation.Value(_lines), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 100_000)
            throw new UsageException("-n wants a number up to 100000");
        var records = RecordStream.Of(invocation);
        var (screen, zone) = (Screen.Of(invocation.Around), TimeProvider.System.LocalTimeZone);
        var tail = invocation.Value(_json)
            ? new Tail(records, RecordText.AppendJson)
            : new Tail(records, (text, record) => RecordText.Append(text, record, screen, zone));
        var printed = tail.Last(count);
        records.ReportUnreadable();
        return printed == ExitCode.Done && invocation.Value(_follow) ? tail.Follow() : printed;
    }
}
