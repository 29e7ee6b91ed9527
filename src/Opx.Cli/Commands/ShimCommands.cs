using System.CommandLine;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx shim install|uninstall</c>: an <c>op</c> on the path that is opx.</summary>
internal static class ShimCommands
{
    public static Command Create() => new("shim", "Let 'op read', 'op run' and 'op inject' go through opx.")
    {
        new ActCommand("install", "Put an 'op' on the path that answers through opx.", Install),
        new ActCommand("uninstall", "Remove it: 'op' is 1Password's own again.", Uninstall),
    };

    private static void Install(Invocation invocation, string directory, Report report)
    {
        var path = invocation.Around.NonEmpty(EnvironmentNames.Path);
        var (link, own) = (Path.Combine(directory, "op"), StablePath.Of(Environment.ProcessPath!, path));
        if (StablePath.Identity(link) is not null && IsOurs(link))
        {
            report.Say($"{link} is opx already");
        }
        else
        {
            // A link of ours to an opx that is gone.
            if (IsOurs(link))
                File.Delete(link);
            else if (Exists(link))
                throw new FailureException(ExitCode.Failed, $"{Printable.Text(link)} is another program: name another directory with --dir");
            Directory.CreateDirectory(directory);
            File.CreateSymbolicLink(link, own);
            report.Say($"{link} leads to {own}");
        }

        report.Fact("path", link);
        var first = ProgramSearch.Find("op", null, path, null);
        report.Fact("is_first_on_path", first is not null && IsOurs(first));
        if (first is null || !IsOurs(first))
            report.Say($"put {directory} before {(first is null ? "everything else" : Path.GetDirectoryName(first))} on PATH: it is not what 'op' finds");
        if (ProgramSearch.Find("op", invocation.Around.NonEmpty(EnvironmentNames.OpPath), path, Environment.ProcessPath) is not { } real)
            report.Say("there is no other op on PATH: install 1Password's CLI, from which opx reads");
        else
            report.Say($"what opx does not answer goes to {real}");
    }

    private static void Uninstall(Invocation invocation, string directory, Report report)
    {
        var link = Path.Combine(directory, "op");
        report.Fact("path", link);
        if (!Exists(link))
        {
            report.Say($"there is no {link}");
            return;
        }

        if (!IsOurs(link))
            throw new FailureException(ExitCode.Failed, $"{Printable.Text(link)} is another program, not opx: it was left alone");
        File.Delete(link);
        report.Say($"removed {link}");
    }

    private static bool Exists(string link) => Opx.Protocol.Interop.FileStatus.Of(link) is not null;

    // A link whose opx is gone, after an upgrade say, is ours as well.
    private static bool IsOurs(string link) => StablePath.Identity(link) is { } target && target == StablePath.Identity(Environment.ProcessPath!)
        || new FileInfo(link).LinkTarget is { } name && Path.GetFileName(name) == "opx";

    private sealed class ActCommand : Command, IOpxCommand
    {
        private readonly Action<Invocation, string, Report> _act;
        private readonly Option<string?> _directory = new("--dir") { HelpName = "DIR", Description = "Where; ~/.local/bin unless given." };
        private readonly Option<bool> _json = Report.JsonOption();

        public ActCommand(string name, string description, Action<Invocation, string, Report> act)
            : base(name, description)
        {
            _act = act;
            Options.Add(_directory);
            Options.Add(_json);
        }

        public int Run(Invocation invocation)
        {
            var home = invocation.Around.NonEmpty(EnvironmentNames.Home) ?? throw new FailureException(ExitCode.Failed, "HOME is not set");
            var report = new Report(invocation, _json);
            _act(invocation, Path.GetFullPath(invocation.Value(_directory) ?? Path.Combine(home, ".local", "bin")), report);
            return report.Print();
        }
    }
}
