using System.CommandLine;
using Opx.Cli.Migration;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Cli.Services;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx migrate</c>: from a legacy <c>~/.op-authd</c> to the XDG directories.</summary>
internal sealed class MigrateCommand : Command, IOpxCommand
{
    private readonly Option<bool> _dryRun = new("--dry-run", "-n") { Arity = ArgumentArity.Zero, Description = "Say what would be done, and do nothing." };
    private readonly Option<bool> _json = Report.JsonOption();

    public MigrateCommand()
        : base("migrate", "Move a legacy ~/.op-authd to the XDG directories.")
    {
        Options.Add(_dryRun);
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        var around = invocation.Around;
        var report = new Report(invocation, _json);
        var legacy = Path.Combine(around.NonEmpty(EnvironmentNames.Home) ?? "/", ".op-authd");
        var move = LegacyMove.Plan(legacy, OpxPaths.From(around.Variable, ignoreLegacy: true), around.UserId);
        report.Fact("dry_run", invocation.Value(_dryRun));
        if (move is null)
        {
            report.Say($"there is no {legacy}: nothing to do");
            return report.Print();
        }

        if (move.PathsInConfiguration() is { } file)
            throw new FailureException(
                ExitCode.Failed, $"{Printable.Text(file)} names paths below {Printable.Text(legacy)}: take them out, or name the new ones, and try again");
        foreach (var step in move.Steps)
            report.Say(step.Text);
        report.Say($"remove {legacy}");
        if (invocation.Value(_dryRun))
            return report.Print();
        StopDaemon(around, legacy, report);
        move.Run(around.UserId);
        report.Say("done: the next read starts a daemon that uses the new places");
        return report.Print();
    }

    // It holds the old token and certificate, and its audit log goes on in the file that is moved. A service that was installed for the old places would
    // start it there again, without the policy.
    private static void StopDaemon(Surroundings around, string legacy, Report report)
    {
        using var running = RunningDaemon.Find(around.Client(mayStart: false));
        var supervisor = running is null ? null : Supervision.Owner(around, running);
        if (supervisor is null && Supervision.Find(around) is { } other && other.State().Files.Any(file => File.ReadAllText(file).Contains(legacy + "/")))
            supervisor = other;
        if (supervisor is not null)
        {
            supervisor.Uninstall(report);
            report.Say("'opx service install' installs it again, with the new places");
        }
        else if (running is not null)
        {
            running.Stop();
            report.Say($"stopped opx-authd (process {running.ProcessId})");
        }
    }
}
