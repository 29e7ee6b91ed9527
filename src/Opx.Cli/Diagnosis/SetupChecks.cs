using Opx.Cli.Services;
using Opx.Protocol;

namespace Opx.Cli.Diagnosis;

/// <summary>How opx came to this user: the legacy directory, the service.</summary>
internal static class SetupChecks
{
    public static IEnumerable<Finding> Of(Surroundings around, ProgramChecks programs)
    {
        var home = around.NonEmpty(EnvironmentNames.Home) ?? "/";
        var legacy = Path.Combine(home, ".op-authd");
        yield return Directory.Exists(legacy)
            ? Finding.Note("files", $"everything lies in {Printable.Text(legacy)}", "opx migrate --dry-run")
            : Finding.Good("files", "in the XDG directories");
        if (Supervision.Find(around) is { } supervisor)
            yield return Service(supervisor, programs);
    }

    private static Finding Service(ISupervisor supervisor, ProgramChecks programs)
    {
        var state = supervisor.State();
        if (!state.IsInstalled)
            return Finding.Good("service", $"not installed for {supervisor.Name}: 'opx service install' starts the daemon at login");
        if (programs.UsesOnePassword && state.IsStrict)
            return Finding.Fault("service", "it is installed with --strict, with which 1Password's app does not accept op", "opx service install");
        return state.IsListening || state.ProcessId > 0
            ? Finding.Good("service", $"{supervisor.Name} runs it")
            : Finding.Note("service", $"installed for {supervisor.Name} and not running", "opx service start");
    }
}
