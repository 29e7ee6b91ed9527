using System.CommandLine;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Client;

namespace Opx.Cli.Commands;

/// <summary><c>opx daemon start|stop|restart</c>. Each says what it did.</summary>
internal static class DaemonCommands
{
    public static Command Create() =>
        new("daemon", "Start, stop or restart the daemon by hand.") { new StartCommand(), new StopCommand(), new RestartCommand() };

    /// <summary>Starts one unless one listens.</summary>
    internal static string Start(Invocation invocation)
    {
        var options = invocation.Around.Client(mayStart: true);
        using (var running = RunningDaemon.Find(options))
        {
            if (running is not null)
                return $"opx-authd is already running (process {running.ProcessId})\n";
        }

        // OPX_AUTOSTART=0 forbids to start one unasked; here somebody asks.
        DaemonLauncher.Start(options with { MayStart = true });
        using var started = RunningDaemon.Find(options);
        return started is null ? "opx-authd started\n" : $"opx-authd started (process {started.ProcessId})\n";
    }

    /// <summary>Stops the one that listens, if any, and waits until it is gone.</summary>
    internal static string Stop(Invocation invocation)
    {
        using var running = RunningDaemon.Find(invocation.Around.Client(mayStart: false));
        if (running is null)
            return "no opx-authd is running\n";
        running.Stop();
        return $"opx-authd stopped (process {running.ProcessId})\n";
    }

    private sealed class StartCommand() : Command("start", "Start the daemon unless it runs."), IOpxCommand
    {
        public int Run(Invocation invocation) => StandardStreams.Print(Start(invocation));
    }

    private sealed class StopCommand()
        : Command("stop", "Stop the daemon: it finishes what is in flight and wipes its values."), IOpxCommand
    {
        public int Run(Invocation invocation) => StandardStreams.Print(Stop(invocation));
    }

    private sealed class RestartCommand() : Command("restart", "Stop the daemon if it runs, and start it."), IOpxCommand
    {
        public int Run(Invocation invocation)
        {
            var stopped = Stop(invocation);
            return StandardStreams.Print(stopped + Start(invocation));
        }
    }
}
