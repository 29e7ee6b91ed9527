using System.CommandLine;
using Opx.Cli.Output;
using Opx.Client;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx invalidate</c>: prints how many cached values were dropped. Where no daemon runs there are none, and none is
/// started.</summary>
internal sealed class InvalidateCommand : Command, IOpxCommand
{
    private readonly Argument<string[]> _references = new("REF")
    {
        HelpName = "REF…",
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The references to drop, every account's copy.",
    };

    private readonly Option<bool> _all = new("--all") { Arity = ArgumentArity.Zero, Description = "Drop everything." };

    private readonly Option<bool> _json = Report.JsonOption();

    public InvalidateCommand()
        : base("invalidate", "Drop cached values and print how many were dropped.")
    {
        Arguments.Add(_references);
        Options.Add(_all);
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        var (references, all) = (invocation.Value(_references) ?? [], invocation.Value(_all));
        if (references.Length > 0 == all)
            throw new UsageException("invalidate wants references, or --all");
        var removed = Removed(invocation, new InvalidateRequest(references, all));
        var report = new Report(invocation, _json);
        report.Fact("removed", removed);
        report.Say(removed.ToString());
        return report.Print();
    }

    private static int Removed(Invocation invocation, InvalidateRequest request)
    {
        try
        {
            using var client = invocation.Connect(mayStart: false);
            var answer = client.Invalidate(request);
            return answer.Value?.Removed ?? throw new FailureException(answer.Problem!);
        }
        catch (DaemonUnreachableException unreachable) when (unreachable.NotRunning)
        {
            return 0;
        }
    }
}
