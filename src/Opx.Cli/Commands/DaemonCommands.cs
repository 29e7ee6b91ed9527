using System.CommandLine;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Cli.Services;
using Opx.Client;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx daemon start|stop|restart</c>. Each says what it did. A daemon of a service manager's is left to the manager, so that the
/// two never fight over the socket.</summary>
internal static class DaemonCommands
{
    public static Command Create() => new("daemon", "Start, stop or restart the daemon by hand.")
    {
        new ReportCommand("start", "Start the daemon unless it runs.", Start),
        new ReportCommand("stop", "Stop the daemon: it finishes what is in flight and wipes its values.", Stop),
        new ReportCommand("restart", "Start the daemon anew, with its options and this environment.", Restart),
    };

    /// <summary>Starts one unless one listens.</summary>
    internal static void Start(Invocation invocation, Report report)
    {
        var options = invocation.Around.Client(mayStart: true);
        var running = RunningDaemon.Find(options);
        // A stranger who serves one after the other would wait for the end of this connection first.
        running?.Dispose();
        if (running is { IsSupervisor: true })
            report.Say("systemd listens, and starts opx-authd for the first client");
        if (running is { IsSupervisor: false })
        {
            Recognise(running, options);
            Say(report, "opx-authd is already running", running.ProcessId);
        }

        if (running is not null)
            return;

        // OPX_AUTOSTART=0 forbids to start one unasked; here somebody asks.
        DaemonLauncher.Start(options with { MayStart = true });
        using var started = RunningDaemon.Find(options);
        Say(report, "opx-authd started", started?.ProcessId);
    }

    /// <summary>Stops the one that listens, if any, and waits until it is gone.</summary>
    internal static void Stop(Invocation invocation, Report report)
    {
        var options = invocation.Around.Client(mayStart: false);
        var isWaiting = Supervision.IsWaiting(invocation.Around, options);
        using var running = isWaiting ? null : RunningDaemon.Find(options);
        if (running is null)
        {
            report.Say(isWaiting ? "no opx-authd is running; systemd listens, and starts one for the first client" : "no opx-authd is running");
            return;
        }

        if (Supervision.Owner(invocation.Around, running) is { } supervisor)
            throw new FailureException(ExitCode.Failed, $"{supervisor.Name} runs opx-authd: stop it with 'opx service stop'");
        running.Stop();
        Say(report, "opx-authd stopped", running.ProcessId);
    }

    private static void Restart(Invocation invocation, Report report)
    {
        var options = invocation.Around.Client(mayStart: true);
        using var running = RunningDaemon.Find(options);
        if (running is null)
        {
            report.Say("no opx-authd was running");
            Start(invocation, report);
            return;
        }

        if (Supervision.Owner(invocation.Around, running) is { } supervisor)
        {
            supervisor.Restart(report);
            return;
        }

        if (running.Paths.LoginSession is not null && Stranger(options) is not null)
            throw new FailureException(
                ExitCode.Unreachable, "the daemon of the login session has files elsewhere: set HOME and XDG_DATA_HOME as there");
        var arguments = RunningStatus.Arguments(invocation);
        DemandStartable(options, arguments);
        // Where it is, and not where this environment would have it: the login session's clients look there.
        DaemonLauncher.Replace(options with { Paths = running.Paths }, running.Stop, arguments);
        Say(report, "opx-authd stopped", running.ProcessId);
        using var started = RunningDaemon.Find(options);
        Say(report, "opx-authd started", started?.ProcessId);
    }

    /// <summary>A daemon that works is not stopped for one that would not start.</summary>
    private static void DemandStartable(ClientOptions options, string[] arguments)
    {
        const string check = "--check";
        var run = ToolRun.Of(DaemonLauncher.ProgramPath(options), [check, .. arguments]);
        // One that does not know the option is older, and will say itself what it does not like.
        if (!run.Succeeded && !run.Complaint.Contains(check, StringComparison.Ordinal))
            throw new FailureException(ExitCode.Failed, $"the daemon goes on as it is, because a new one would not start: {Printable.Text(run.Complaint)}");
    }

    /// <summary>That somebody listens makes him no daemon of ours: he has to show the certificate, and to take the token.</summary>
    private static void Recognise(RunningDaemon running, ClientOptions options)
    {
        if (Stranger(options) is { } why)
            throw new FailureException(ExitCode.Unreachable, $"{running.Name} is in the place of opx-authd: {Printable.Text(why)}");
    }

    /// <summary>Why the one who listens is none of ours; null where it is.</summary>
    private static string? Stranger(ClientOptions options)
    {
        try
        {
            using var client = DaemonClient.Connect(options with { MayStart = false });
            return client.Status().Problem?.Detail;
        }
        catch (DaemonUnreachableException stranger)
        {
            return stranger.Message;
        }
    }

    private static void Say(Report report, string what, int? processId)
    {
        report.Say(processId is { } number ? $"{what} (process {number})" : what);
        if (processId is { } id)
            report.Fact("process_id", id);
    }
}
