using System.CommandLine;
using Opx.Cli.Diagnosis;
using Opx.Cli.Output;
using Opx.Cli.Policies;
using Opx.Cli.Services;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx doctor</c>: looks at everything that has to be right, starts nothing and reads no secret. Exit 0 clean, 1 findings.</summary>
internal sealed class DoctorCommand : Command, IOpxCommand
{
    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "Print the checks as JSON." };
    private readonly Option<bool> _fix = new("--fix")
    { Arity = ArgumentArity.Zero, Description = "Mend modes, stale sockets and old certificates, after asking." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Arity = ArgumentArity.Zero, Description = "With --fix: do not ask." };

    public DoctorCommand()
        : base("doctor", "Check the installation, and say how to mend what is wrong.")
    {
        Options.Add(_json);
        Options.Add(_fix);
        Options.Add(_yes);
    }

    public int Run(Invocation invocation)
    {
        var (fix, yes) = (invocation.Value(_fix), invocation.Value(_yes));
        if (yes && !fix)
            throw new UsageException("--yes goes with --fix");
        var findings = Look(invocation.Around);
        if (fix && findings.Any(finding => finding.Fix is not null))
        {
            if (!yes && !Terminal.Of(invocation.Around).CanAsk)
                throw new FailureException(ExitCode.Failed, "--fix asks first, and nobody is there to answer: say --yes");
            foreach (var finding in findings.Where(finding => finding.Fix is not null))
                Mend(finding, yes, invocation.IsQuiet);
            findings = Look(invocation.Around);
        }

        var exitCode = findings.Any(finding => finding.Verdict == Verdict.Fault) ? ExitCode.Failed : ExitCode.Done;
        var printed = invocation.Value(_json) ? StandardStreams.Print(FindingText.Json(findings))
            : invocation.IsQuiet ? ExitCode.Done
            : StandardStreams.Print(FindingText.Of(findings, Screen.Of(invocation.Around)));
        return printed == ExitCode.Done ? exitCode : printed;
    }

    private static List<Finding> Look(Surroundings around)
    {
        var now = TimeProvider.System.GetUtcNow();
        try
        {
            var options = around.Client(mayStart: false);
            var programs = ProgramChecks.Of(options, CommandLine.VersionText);
            var isWaiting = Supervision.IsWaiting(around, options);
            return
            [
                .. programs.Findings,
                .. SetupChecks.Of(around, programs),
                .. FileChecks.Of(options.Paths, around.UserId),
                .. SocketChecks.Of(options, isWaiting, now),
                .. PolicyChecks.Of(programs.PolicyFile ?? options.Paths.PolicyFile, around.UserId, now),
                .. DaemonChecks.Of(options, isWaiting, CommandLine.VersionText, programs),
            ];
        }
        catch (OpxPathException path)
        {
            return [Finding.Fault("environment", path.Message, "correct the variable it names")];
        }
    }

    private static void Mend(Finding finding, bool yes, bool isQuiet)
    {
        if (!yes && !Terminal.Confirm($"{finding.Reason}: {finding.Mend}?"))
            return;
        try
        {
            var done = finding.Fix!();
            if (!isQuiet)
                Messages.Error(done);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Messages.Error($"{finding.Reason}: {Printable.Text(error.Message)}");
        }
    }
}
