using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.Services;

/// <summary>User units below <c>$XDG_CONFIG_HOME/systemd/user</c>. systemd holds the socket: the daemon is started by the first client,
/// and a restart refuses nobody.</summary>
/// <param name="systemctl">Its path.</param>
/// <param name="configuration"><c>$XDG_CONFIG_HOME</c>.</param>
internal sealed class Systemd(string systemctl, string configuration) : ISupervisor
{
    private const string Service = "opx-authd.service";
    private const string Socket = "opx-authd.socket";
    private const string Stream = " (Stream)";
    private const string Strict = "opx-authd.service.d/vault-only.conf";

    // How systemctl says that it knows no such unit, or has nobody to ask.
    private static readonly string[] Absences = ["does not exist", "not found", "not loaded", "No such file", "Failed to connect", "Failed to get D-Bus"];

    private readonly string _units = Path.Combine(configuration, "systemd", "user");

    public string Name => "systemd";

    private string[] Files => [.. new[] { Service, Socket, Strict }.Select(name => Path.Combine(_units, name))];

    public void Install(ServicePlan plan, bool strict, Report report)
    {
        foreach (var file in Files)
            ServiceFile.DemandOurs(file);
        var isNew = !Files.Any(File.Exists);
        ServiceFile.Write(Path.Combine(_units, Service), ServiceUnit(plan), report);
        ServiceFile.Write(Path.Combine(_units, Socket), SocketUnit(plan), report);
        if (strict)
            ServiceFile.Write(Path.Combine(_units, Strict), StrictDropIn(plan), report);
        else
            ServiceFile.Remove(Path.Combine(_units, Strict), report);
        try
        {
            Enable();
        }
        catch (FailureException) when (isNew)
        {
            ToolRun.Of(systemctl, "--user", "--quiet", "disable", "--now", Socket, Service);
            RemoveFiles(report);
            ToolRun.Of(systemctl, "--user", "--quiet", "daemon-reload");
            throw;
        }

        report.Say("enabled and started opx-authd.socket: the first client starts the daemon");
    }

    private void Enable()
    {
        Call("daemon-reload");
        Call("enable", Socket, Service);
        Call("start", Socket);
        // A daemon that runs goes on with what it was started with.
        Call("try-restart", Service);
    }

    public void Uninstall(Report report)
    {
        foreach (var file in Files)
            ServiceFile.DemandOurs(file);
        var state = State();
        if (!state.IsInstalled)
        {
            report.Say("no service of opx is installed");
            return;
        }

        var disabled = ToolRun.Of(systemctl, "--user", "--quiet", "disable", "--now", Socket, Service);
        // A manager that looks elsewhere, or none: then there is nothing to disable, and the files go all the same.
        var hadNothing = !disabled.Succeeded && Absences.Any(absence => disabled.Complaint.Contains(absence, StringComparison.Ordinal));
        if (!disabled.Succeeded && !hadNothing)
            throw new FailureException(
                ExitCode.Failed, $"'systemctl --user disable --now {Socket} {Service}' failed, and its units stay: {Printable.Text(disabled.Complaint)}");
        RemoveFiles(report);
        ToolRun.Of(systemctl, "--user", "--quiet", "daemon-reload");
        report.Say(hadNothing ? $"systemd had nothing to disable: {Printable.Text(disabled.Complaint)}" : "stopped and disabled opx-authd");
        foreach (var file in state.Files.Except(Files))
            report.Say($"{file} stays: it belongs to a package");
    }

    // With the directories that were made for them, where nothing else is in them.
    private void RemoveFiles(Report report)
    {
        foreach (var file in Files)
            ServiceFile.Remove(file, report);
        foreach (var directory in new[] { "default.target.wants", "sockets.target.wants", "", ".." })
            ServiceFile.RemoveEmpty(Path.GetFullPath(Path.Combine(_units, directory)));
    }

    public ServiceState State()
    {
        var shown = ToolRun.Of(systemctl, "--user", "show", "--property=ActiveState,UnitFileState,MainPID,FragmentPath,Listen", Socket, Service).Output;
        var socket = Properties(shown.Split("\n\n")[0]);
        var service = Properties(shown.Split("\n\n")[^1]);
        return new ServiceState(
            [.. Files.Where(File.Exists).Union(new[] { service, socket }.Select(unit => unit.GetValueOrDefault("FragmentPath")).OfType<string>().Where(File.Exists))],
            socket.GetValueOrDefault("UnitFileState") == "enabled",
            socket.GetValueOrDefault("ActiveState") == "active",
            int.TryParse(service.GetValueOrDefault("MainPID"), out var processId) ? processId : 0)
        {
            IsStrict = File.Exists(Path.Combine(_units, Strict)),
            Socket = socket.GetValueOrDefault("Listen") is { } listen && listen.EndsWith(Stream, StringComparison.Ordinal) ? listen[..^Stream.Length] : null,
        };
    }

    public void Start(Report report)
    {
        DemandInstalled();
        Call("start", Socket, Service);
        report.Say("started opx-authd.socket and opx-authd.service");
    }

    public void Stop(Report report)
    {
        DemandInstalled();
        Call("stop", Socket, Service);
        report.Say("stopped opx-authd.socket and opx-authd.service");
    }

    public void Restart(Report report)
    {
        Call("restart", Service);
        report.Say("restarted opx-authd.service; its socket stayed open");
    }

    public IReadOnlyList<string> LogCommand(int lines, bool follow) =>
        ["journalctl", "--user", "--unit", Service, "--no-pager", "--lines", lines.ToString(), .. follow ? ["--follow"] : Array.Empty<string>()];

    internal static string ServiceUnit(ServicePlan plan)
    {
        var environment = new StringBuilder("[Service]\n");
        foreach (var (name, value) in plan.Variables)
            environment.Append("Environment=").Append(Quoted($"{name}={value}")).Append('\n');
        return Marked(Service).Replace("[Service]\n", environment.ToString())
            .Replace("ExecStart=/usr/bin/opx-authd", "ExecStart=" + Quoted(plan.Authd));
    }

    internal static string SocketUnit(ServicePlan plan)
    {
        var unit = Marked(Socket).Replace("-/usr/bin/opx daemon stop", $"-{Quoted(plan.Client)} daemon stop");
        return plan.Socket is { } path
            ? unit.Replace("ListenStream=%t/op-authd/socket.sock", "ListenStream=" + path.Replace("%", "%%"))
            : unit;
    }

    internal static string StrictDropIn(ServicePlan plan) => Marked("vault-only.conf")
        + string.Concat(plan.Directories.Select(directory => $"ReadWritePaths={Quoted(directory)}\n"));

    // systemd.syntax(7), systemd.service(5): double quotes, backslashes, and the specifiers' '%'. A command's '$' is none in the path of its program.
    private static string Quoted(string word)
    {
        if (word.AsSpan().ContainsAnyInRange('\0', '\u001f'))
            throw new FailureException(ExitCode.Failed, $"no unit can hold {Printable.Text(word)}: it has a control character in it");
        var escaped = word.Replace("%", "%%").Replace("\\", "\\\\").Replace("\"", "\\\"");
        return escaped.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._-=:+@,%".Contains(letter)) ? escaped : $"\"{escaped}\"";
    }

    private static string Marked(string template) => $"# {ServiceFile.Mark}\n{ServiceFile.Template(template)}";

    private static Dictionary<string, string> Properties(string block) => block.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]);

    private void DemandInstalled()
    {
        if (!State().IsInstalled)
            throw new FailureException(ExitCode.Failed, "no service of opx is installed: run opx service install");
    }

    private void Call(params string[] words)
    {
        var run = ToolRun.Of(systemctl, ["--user", "--quiet", .. words]);
        if (run.Succeeded)
            return;
        var elsewhere = run.Complaint.Contains("does not exist", StringComparison.Ordinal) || run.Complaint.Contains("not found", StringComparison.Ordinal)
            ? $"; does systemd know {EnvironmentNames.XdgConfigHome}?" : "";
        throw new FailureException(
            ExitCode.Failed, $"'systemctl --user {string.Join(' ', words)}' failed: {Printable.Text(run.Complaint)}{elsewhere}");
    }
}
