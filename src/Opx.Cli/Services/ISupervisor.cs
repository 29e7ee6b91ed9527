using Opx.Cli.Output;

namespace Opx.Cli.Services;

/// <summary>What keeps a user's daemon running: systemd or launchd. Whatever is asked twice is done once, and said.</summary>
internal interface ISupervisor
{
    /// <summary>For messages: <c>systemd</c>, <c>launchd</c>.</summary>
    string Name { get; }

    /// <summary>Writes its files and starts the service.</summary>
    /// <param name="strict">With everything forbidden that 1Password's CLI would need.</param>
    void Install(ServicePlan plan, bool strict, Report report);

    /// <summary>Stops it and removes what <see cref="Install"/> wrote.</summary>
    void Uninstall(Report report);

    ServiceState State();

    void Start(Report report);

    void Stop(Report report);

    /// <summary>Restarts the daemon; where the socket is the supervisor's nobody is refused meanwhile.</summary>
    void Restart(Report report);

    /// <summary>The program and arguments that show its messages.</summary>
    IReadOnlyList<string> LogCommand(int lines, bool follow);
}

/// <summary>What the service is to run, and with which environment.</summary>
/// <param name="Authd">The daemon's program.</param>
/// <param name="Client">This program.</param>
/// <param name="Socket">Where clients look; null for the place where the supervisor would put it anyway.</param>
/// <param name="Directories">Where the daemon writes; they exist.</param>
/// <param name="Variables">What the user's shell says and a service would not know.</param>
internal sealed record ServicePlan(
    string Authd, string Client, string? Socket, IReadOnlyList<string> Directories, IReadOnlyList<(string Name, string Value)> Variables);

/// <summary>How the service is doing.</summary>
/// <param name="Files">The files that are installed, a package's included, with their full paths.</param>
/// <param name="IsEnabled">Starts with the next login.</param>
/// <param name="IsListening">Takes connections now.</param>
/// <param name="ProcessId">The daemon's; 0 where none runs.</param>
internal sealed record ServiceState(IReadOnlyList<string> Files, bool IsEnabled, bool IsListening, int ProcessId)
{
    /// <summary>Where the supervisor itself listens for the daemon; null where it does not.</summary>
    public string? Socket { get; init; }

    public bool IsInstalled => Files.Count > 0;

    /// <summary>With everything forbidden that 1Password's CLI would need.</summary>
    public bool IsStrict { get; init; }

    /// <summary>It listens and no daemon runs: whoever connects starts one.</summary>
    public bool IsWaiting => IsListening && ProcessId == 0;
}
