using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Client;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Cli.Services;

/// <summary>Which supervisor this user has: <c>systemctl</c> on the path is what tells systemd, <c>launchctl</c> launchd.</summary>
internal static class Supervision
{
    // What a service is started without, and the daemon's files or backends hang on.
    private static readonly string[] Handed =
    [
        EnvironmentNames.Path, EnvironmentNames.XdgConfigHome, EnvironmentNames.XdgDataHome, EnvironmentNames.OpPath,
        EnvironmentNames.Backend, EnvironmentNames.SessionTimeout, EnvironmentNames.EnableSessionLock,
    ];

    /// <exception cref="FailureException">There is none.</exception>
    public static ISupervisor Of(Surroundings around) => Find(around) ?? throw new FailureException(
        ExitCode.Failed, "neither systemctl nor launchctl is on PATH: start the daemon with 'opx daemon start', or let the first read do it");

    public static ISupervisor? Find(Surroundings around)
    {
        var path = around.NonEmpty(EnvironmentNames.Path);
        var home = around.NonEmpty(EnvironmentNames.Home) ?? "/";
        if (ProgramSearch.Find("systemctl", null, path, null) is { } systemctl)
            return new Systemd(systemctl, around.NonEmpty(EnvironmentNames.XdgConfigHome) ?? Path.Combine(home, ".config"));
        return ProgramSearch.Find("launchctl", null, path, null) is { } launchctl
            ? new Launchd(launchctl, home, around.UserId, OpxPaths.From(around.Variable).DaemonLogFile)
            : null;
    }

    /// <summary>The supervisor that runs the daemon, or listens for it; null for a daemon that was started by hand.</summary>
    public static ISupervisor? Owner(Surroundings around, RunningDaemon running) =>
        Find(around) is { } supervisor && (running.IsSupervisor || supervisor.State().ProcessId == running.ProcessId) ? supervisor : null;

    /// <summary>True where a client would meet a supervisor that listens for a daemon which does not run: a mere look would start one.</summary>
    public static bool IsWaiting(Surroundings around, ClientOptions options)
    {
        string[] places = options.LookInLoginSession
            ? [options.Paths.SocketPath, options.Paths.InLoginSession(options.UserId).SocketPath]
            : [options.Paths.SocketPath];
        return places.FirstOrDefault(File.Exists) is { } first && Find(around)?.State() is { IsWaiting: true } state && state.Socket == first;
    }

    /// <summary>The service as this user's shell would start the daemon.</summary>
    /// <exception cref="DaemonUnreachableException">There is no opx-authd.</exception>
    public static ServicePlan Plan(Surroundings around)
    {
        var options = around.Client(mayStart: true);
        var path = around.NonEmpty(EnvironmentNames.Path);
        var variables = Handed.Select(name => (name, around.NonEmpty(name))).Where(variable => variable.Item2 is not null)
            .Select(variable => (variable.name, variable.Item2!)).ToList();
        var usual = around.NonEmpty(EnvironmentNames.XdgRuntimeDir) is not null && !options.Paths.SocketIsMoved
            && options.Paths.RuntimeDirectory != options.Paths.DataDirectory;
        // Without a runtime directory of its own the shell's clients look in the login session too, which is where the supervisor listens.
        var socket = usual || options.LookInLoginSession ? null : options.Paths.SocketPath;
        if (options.Paths.SocketIsMoved)
            variables.Add((EnvironmentNames.SocketPath, options.Paths.SocketPath));
        string[] directories = [.. new[] { options.Paths.DataDirectory, options.Paths.ConfigDirectory }.Distinct()];
        foreach (var directory in directories)
            PrivateDirectory.Ensure(directory, around.UserId);
        return new ServicePlan(
            StablePath.Of(DaemonLauncher.ProgramPath(options), path), StablePath.Of(options.OwnPath, path), socket, directories, variables);
    }
}
