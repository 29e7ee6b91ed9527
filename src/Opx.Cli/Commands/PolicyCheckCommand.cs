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

    private readonly Option<bool> _json = Report.JsonOption();

    public PolicyCheckCommand()
        : base("check", "Say what is wrong with the policy; exit 1 if anything is.")
    {
        Options.Add(_policy);
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        var path = PolicyLocation.Of(invocation, _policy);
        var report = new Report(invocation, _json);
        report.Fact("policy", path);
        if (PolicyFile.Read(path, invocation.Around.UserId) is not { } load)
        {
            report.Say($"{Printable.Text(path)} does not exist: your processes may read everything");
            return report.Print();
        }

        var findings = PolicyFindings.Of(load, TimeProvider.System.GetUtcNow());
        report.Fact("findings", findings.Count);
        if (findings.Count == 0)
            report.Say($"{Printable.Text(path)}: {load.Document!.RuleCount} rules, nothing found");
        foreach (var finding in findings)
            report.Say(finding.ToString());
        return report.Print(findings.Count == 0 ? ExitCode.Done : ExitCode.Failed);
    }
}
