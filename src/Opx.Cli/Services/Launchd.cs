using System.Security;
using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.Services;

/// <summary>A launch agent in <c>~/Library/LaunchAgents</c>: started at login, and again where it did not end by itself.</summary>
/// <remarks>Tried against a double of launchctl, not on macOS: see launchctl(1), launchd.plist(5).</remarks>
internal sealed class Launchd(string launchctl, string home, uint userId, string logFile) : ISupervisor
{
    private const string Label = "org.opx.authd";

    private readonly string _plist = Path.Combine(home, "Library", "LaunchAgents", Label + ".plist");
    private readonly string _domain = $"gui/{userId}";

    public string Name => "launchd";

    private string Target => $"{_domain}/{Label}";

    private bool IsLoaded => ToolRun.Of(launchctl, "print", Target).Succeeded;

    public void Install(ServicePlan plan, bool strict, Report report)
    {
        if (strict)
            throw new UsageException("--strict is for systemd: launchd has nothing of the kind");
        ServiceFile.Write(_plist, Agent(plan, logFile), report);
        // What is loaded is the file as it was.
        if (IsLoaded)
            Call("bootout", Target);
        Call("enable", Target);
        Call("bootstrap", _domain, _plist);
        report.Say($"enabled and started {Label}");
    }

    public void Uninstall(Report report)
    {
        if (!File.Exists(_plist))
        {
            report.Say("no service of opx is installed");
            return;
        }

        ServiceFile.DemandOurs(_plist);
        if (IsLoaded)
            Call("bootout", Target);
        ServiceFile.Remove(_plist, report);
        report.Say($"stopped and disabled {Label}");
    }

    public ServiceState State()
    {
        var loaded = ToolRun.Of(launchctl, "print", Target);
        var line = loaded.Output.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(line => line.StartsWith("pid = ", StringComparison.Ordinal));
        var processId = line is not null && int.TryParse(line["pid = ".Length..], out var number) ? number : 0;
        return new ServiceState(File.Exists(_plist) ? [_plist] : [], loaded.Succeeded, processId > 0, processId);
    }

    public void Start(Report report)
    {
        DemandInstalled();
        Call(IsLoaded ? ["kickstart", Target] : ["bootstrap", _domain, _plist]);
        report.Say($"started {Label}");
    }

    public void Stop(Report report)
    {
        DemandInstalled();
        if (IsLoaded)
            Call("bootout", Target);
        report.Say($"stopped {Label}, until the next login or 'opx service start'");
    }

    public void Restart(Report report)
    {
        Call("kickstart", "-k", Target);
        report.Say($"restarted {Label}");
    }

    public IReadOnlyList<string> LogCommand(int lines, bool follow) =>
        ["tail", "-n", lines.ToString(), .. follow ? ["-f"] : Array.Empty<string>(), logFile];

    internal static string Agent(ServicePlan plan, string logFile)
    {
        var variables = new StringBuilder("<key>EnvironmentVariables</key>\n    <dict>\n");
        foreach (var (name, value) in plan.Variables)
            variables.Append($"        <key>{Text(name)}</key>\n        <string>{Text(value)}</string>\n");
        var template = ServiceFile.Template(Label + ".plist");
        var (begin, end) = (template.IndexOf("<key>EnvironmentVariables", StringComparison.Ordinal), 0);
        end = template.IndexOf("    </dict>", begin, StringComparison.Ordinal);
        return (template[..begin] + variables + template[end..])
            .Replace("<plist ", $"<!-- {ServiceFile.Mark} -->\n<plist ")
            .Replace("/usr/local/bin/opx-authd", Text(plan.Authd))
            .Replace("<key>StandardErrorPath</key>\n    <string>/dev/null", $"<key>StandardErrorPath</key>\n    <string>{Text(logFile)}");
    }

    private static string Text(string text) => text.AsSpan().ContainsAnyInRange('\0', '\u001f')
        ? throw new FailureException(ExitCode.Failed, $"no property list can hold {Printable.Text(text)}: it has a control character in it")
        : SecurityElement.Escape(text);

    private void DemandInstalled()
    {
        if (!File.Exists(_plist))
            throw new FailureException(ExitCode.Failed, "no service of opx is installed: run opx service install");
    }

    private void Call(params string[] words)
    {
        var run = ToolRun.Of(launchctl, words);
        if (!run.Succeeded)
            throw new FailureException(ExitCode.Failed, $"'launchctl {string.Join(' ', words)}' failed: {Printable.Text(run.Complaint)}");
    }
}
