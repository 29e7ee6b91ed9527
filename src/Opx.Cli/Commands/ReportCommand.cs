using System.CommandLine;
using Opx.Cli.Output;

namespace Opx.Cli.Commands;

/// <summary>A command that does one thing and reports on it, in words or with <c>--json</c>.</summary>
internal sealed class ReportCommand : Command, IOpxCommand
{
    private readonly Action<Invocation, Report> _act;
    private readonly Option<bool> _json = Report.JsonOption();

    public ReportCommand(string name, string description, Action<Invocation, Report> act)
        : base(name, description)
    {
        _act = act;
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        var report = new Report(invocation, _json);
        _act(invocation, report);
        return report.Print();
    }
}
