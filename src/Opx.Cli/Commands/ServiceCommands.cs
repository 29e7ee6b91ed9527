using System.CommandLine;
using System.Text;
using Opx.Cli.Diagnosis;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Cli.Services;

namespace Opx.Cli.Commands;

/// <summary><c>opx service</c>: the daemon as a service of systemd's or launchd's. Each says what it did.</summary>
internal static class ServiceCommands
{
    public static Command Create() => new("service", "Run the daemon as a service of systemd or launchd.")
    {
        new InstallCommand(),
        new ReportCommand("uninstall", "Stop the service and remove its files.", (invocation, report) => Supervision.Of(invocation.Around).Uninstall(report)),
        new StatusCommand(),
        new LogsCommand(),
        new ReportCommand("start", "Start the service.", (invocation, report) => Supervision.Of(invocation.Around).Start(report)),
        new ReportCommand("stop", "Stop the service, until the next login.", (invocation, report) => Supervision.Of(invocation.Around).Stop(report)),
    };

    private sealed class InstallCommand : Command, IOpxCommand
    {
        private readonly Option<bool> _strict = new("--strict")
        { Arity = ArgumentArity.Zero, Description = "Forbid it all that Vault does not need;\nreading from 1Password then fails." };
        private readonly Option<bool> _json = Report.JsonOption();

        public InstallCommand()
            : base("install", "Write, enable and start a service for this user.")
        {
            Options.Add(_strict);
            Options.Add(_json);
        }

        public int Run(Invocation invocation)
        {
            var supervisor = Supervision.Of(invocation.Around);
            var plan = Supervision.Plan(invocation.Around);
            var report = new Report(invocation, _json);
            // Of two daemons one would have the lock and the other the socket.
            using (var running = RunningDaemon.Find(invocation.Around.Client(mayStart: false)))
            {
                if (running is not null && Supervision.Owner(invocation.Around, running) is null)
                {
                    running.Stop();
                    report.Say($"stopped the opx-authd that was started by hand (process {running.ProcessId})");
                }
            }

            supervisor.Install(plan, invocation.Value(_strict), report);
            if (invocation.Value(_strict) && ProgramChecks.Of(invocation.Around.Client(mayStart: false), CommandLine.VersionText).UsesOnePassword)
                report.Say("1Password's app does not accept op under --strict: 'opx service install' undoes it");
            return report.Print();
        }
    }

    private sealed class StatusCommand : Command, IOpxCommand
    {
        private readonly Option<bool> _json = Report.JsonOption();

        public StatusCommand()
            : base("status", "Say how the service is doing; exit 1 if it does not run.")
        {
            Options.Add(_json);
        }

        public int Run(Invocation invocation)
        {
            var supervisor = Supervision.Of(invocation.Around);
            var state = supervisor.State();
            var report = new Report(invocation, _json);
            report.Fact("supervisor", supervisor.Name);
            report.Fact("installed", state.IsInstalled);
            report.Fact("enabled", state.IsEnabled);
            report.Fact("listening", state.IsListening);
            report.Fact("process_id", state.ProcessId);
            report.Say(state.IsInstalled ? $"installed for {supervisor.Name}: {string.Join(", ", state.Files)}"
                : $"not installed for {supervisor.Name}: 'opx service install' does it");
            report.Say(state.IsEnabled ? "enabled: it starts with the next login" : "not enabled");
            report.Say(state.ProcessId > 0 ? $"running (process {state.ProcessId})"
                : state.IsListening ? "listening: the first client starts the daemon" : "not running");
            return report.Print(state.IsListening || state.ProcessId > 0 ? ExitCode.Done : ExitCode.Failed);
        }
    }

    private sealed class LogsCommand : Command, IOpxCommand
    {
        private readonly Option<int> _lines = new("--lines", "-n") { HelpName = "N", Description = "How many.", DefaultValueFactory = _ => 100 };
        private readonly Option<bool> _follow = new("--follow", "-f") { Arity = ArgumentArity.Zero, Description = "Go on with what comes." };

        public LogsCommand()
            : base("logs", "Show what the daemon wrote to its log.")
        {
            Options.Add(_lines);
            Options.Add(_follow);
        }

        public int Run(Invocation invocation)
        {
            var signals = SignalState.Remember();
            var command = Supervision.Of(invocation.Around).LogCommand(invocation.Value(_lines), invocation.Value(_follow));
            throw new Replacement(invocation.Around.Inherited, signals)
                .Execute([.. command.Select(Encoding.UTF8.GetBytes)], NativeProcess.Environment());
        }
    }
}
