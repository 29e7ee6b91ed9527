using System.CommandLine;
using Opx.Cli.Output;
using Opx.Cli.Policies;
using Opx.Policy;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx policy check</c>: what is wrong with the file, each finding as <c>file:line: reason</c>.</summary>
internal sealed class PolicyCheckCommand : Command, IOpxCommand
{
    private readonly Option<string?> _policy = PolicyLocation.Option();

    public PolicyCheckCommand()
        : base("check", "Say what is wrong with the policy; exit 1 if anything is.")
    {
        Options.Add(_policy);
    }

    public int Run(Invocation invocation)
    {
        var path = PolicyLocation.Of(invocation, _policy);
        if (PolicyFile.Read(path, invocation.Around.UserId) is not { } load)
            return StandardStreams.Print($"{Printable.Text(path)} does not exist: your processes may read everything\n");
        var findings = PolicyFindings.Of(load, TimeProvider.System.GetUtcNow());
        if (findings.Count == 0)
            return StandardStreams.Print($"{Printable.Text(path)}: {load.Document!.RuleCount} rules, nothing found\n");
        StandardStreams.Print(string.Concat(findings.Select(finding => $"{finding}\n")));
        return ExitCode.Failed;
    }
}
