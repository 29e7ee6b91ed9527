using System.Text.Json;
using Opx.Cli.Running;
using Opx.Client;
using Opx.Protocol;

namespace Opx.Cli.Diagnosis;

/// <summary>Both programs, whether they belong together, and what the daemon's configuration comes to. No daemon is started:
/// <c>opx-authd --check</c> reads and ends.</summary>
internal sealed class ProgramChecks
{
    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>The policy file that the daemon would read; null where the configuration is not understood.</summary>
    public string? PolicyFile { get; private set; }

    /// <summary>What backends say before anybody asked them anything: name, state, detail.</summary>
    public IReadOnlyList<(string Name, string State, string? Detail)> Backends { get; private set; } = [];

    /// <summary>The backend is <c>multi</c>: each is asked for its own scheme.</summary>
    public bool HasSeveral => Backends.Count > 1;

    /// <summary>Values are read with 1Password's CLI.</summary>
    public bool UsesOnePassword => Backends.Any(backend => backend is { Name: "opcli", State: "ready" });

    public static ProgramChecks Of(ClientOptions options, string version)
    {
        var checks = new ProgramChecks();
        checks._findings.Add(Finding.Good("opx", $"{version}, {Printable.Text(options.OwnPath)}"));
        try
        {
            checks.Daemon(DaemonLauncher.ProgramPath(options), version);
        }
        catch (DaemonUnreachableException missing)
        {
            checks._findings.Add(Finding.Fault("opx-authd", missing.Message, $"install opx-authd beside opx, or set {EnvironmentNames.DaemonPath}"));
        }

        return checks;
    }

    private void Daemon(string program, string version)
    {
        var shown = Printable.Text(program);
        var run = ToolRun.Of(program, "--check");
        if (!run.Succeeded)
        {
            var complaint = Printable.Text(run.Complaint.Replace("opx-authd: ", "", StringComparison.Ordinal));
            _findings.Add(Finding.Fault("configuration", complaint, "correct what it names: man opx-config"));
            return;
        }

        try
        {
            using var told = JsonDocument.Parse(run.Output);
            var root = told.RootElement;
            var other = root.GetProperty("version").GetString();
            _findings.Add(other == version
                ? Finding.Good("opx-authd", $"{version}, {shown}")
                : Finding.Fault("opx-authd", $"{shown} is version {Printable.Text(other ?? "?")}, opx is {version}", "install both from one package"));
            PolicyFile = root.GetProperty("policy").GetString();
            Backends = [.. BackendsOf(root)];
            _findings.Add(Finding.Good("configuration", $"understood; the backend is {Printable.Text(root.GetProperty("backend").GetString() ?? "?")}"));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            _findings.Add(Finding.Fault("opx-authd", $"{shown} does not answer as opx-authd {version} would", "install both from one package"));
        }
    }

    internal static IEnumerable<(string Name, string State, string? Detail)> BackendsOf(JsonElement root)
    {
        if (!root.TryGetProperty("backends", out var backends) || backends.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var backend in backends.EnumerateArray())
        {
            var detail = backend.TryGetProperty("detail", out var text) ? text.GetString() : null;
            yield return (backend.GetProperty("name").GetString() ?? "?", backend.GetProperty("state").GetString() ?? "?", detail);
        }
    }
}
