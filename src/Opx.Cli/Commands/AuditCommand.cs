using System.CommandLine;
using Opx.Cli.Auditing;
using Opx.Cli.Output;
using Opx.Cli.Policies;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx audit</c>: who was refused what, and rules against it. It never writes to the log.</summary>
internal sealed class AuditCommand : Command, IOpxCommand
{
    private readonly Option<string> _since = new("--since")
    { HelpName = "DURATION", Description = "How far to look back, such as 90m, 24h or 7d.", DefaultValueFactory = _ => "24h" };

    private readonly Option<bool> _interactive = new("--interactive", "-i")
    { Arity = ArgumentArity.Zero, Description = "Ask which denials are to become allow rules." };
    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "Print the denials as JSON." };
    private readonly Option<string?> _policy = PolicyLocation.Option();

    public AuditCommand()
        : base("audit", "Show who was denied what, from the audit log.")
    {
        Options.Add(_since);
        Options.Add(_interactive);
        Options.Add(_json);
        Options.Add(_policy);
        Subcommands.Add(new AuditTailCommand());
        Subcommands.Add(new AuditVerifyCommand());
        Subcommands.Add(new AuditExportCommand());
        // Without one a command that has others below it counts as incomplete.
        SetAction(_ => ExitCode.Done);
    }

    /// <summary>An option of the denials' list that stands before another command would do nothing there.</summary>
    public static void RefuseOwnOptions(Invocation invocation)
    {
        var command = invocation.Parse.CommandResult.Command;
        var unused = command.Parents.OfType<AuditCommand>().SelectMany(audit => audit.Options).FirstOrDefault(invocation.Has);
        if (unused is not null)
            throw new UsageException($"{unused.Name} is an option of 'opx audit' alone: 'opx audit {command.Name}' does not take it");
    }

    public int Run(Invocation invocation)
    {
        var (text, clock) = (invocation.Value(_since)!, TimeProvider.System);
        var back = Duration.Parse(text)
            ?? throw new UsageException($"--since wants a duration such as 24h, not '{Printable.Text(text, 64)}'");
        if (invocation.Value(_json) && invocation.Value(_interactive))
            throw new UsageException("--json and --interactive exclude each other");
        var records = RecordStream.Of(invocation);
        var now = clock.GetUtcNow();
        var since = back < now - DateTimeOffset.UnixEpoch ? now - back : DateTimeOffset.UnixEpoch;
        if (!invocation.Value(_json))
            StandardStreams.Print($"Scanning audit log for denials in the last {text}...\n");
        var denials = Denial.Of(records.Since(since));
        if (invocation.Value(_json))
            return StandardStreams.Print(DenialText.Json(denials, since, records.Unreadable));
        var screen = Screen.Of(invocation.Around);
        var printed = StandardStreams.Print(DenialText.Of(denials, screen, clock.LocalTimeZone));
        records.ReportUnreadable();
        if (printed != ExitCode.Done || !invocation.Value(_interactive) || denials.Count == 0)
            return printed;
        if (!Terminal.Of(invocation.Around).CanAsk)
        {
            Messages.Error("nothing was changed: run it on a terminal to be asked");
            return ExitCode.Done;
        }

        var editor = new RuleEditor(denials, () => records.Since(since), screen, clock);
        return editor.Run(PolicyLocation.Of(invocation, _policy), invocation.Around, new Report(invocation));
    }
}
