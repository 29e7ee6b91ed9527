using System.CommandLine;
using Opx.Cli.Output;
using Opx.Cli.Policies;
using Opx.Policy.Editing;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx policy remove</c>: rules by the numbers that <c>list</c> shows.</summary>
internal sealed class PolicyRemoveCommand : Command, IOpxCommand
{
    private readonly Argument<string[]> _numbers = new("N")
    {
        HelpName = "N…",
        Arity = ArgumentArity.OneOrMore,
        Description = "Numbers of rules, as 'opx policy list' shows them.",
    };

    private readonly Option<bool> _deny = new("--deny") { Arity = ArgumentArity.Zero, Description = "The numbers are of deny rules." };
    private readonly Option<bool> _yes = PolicyChange.Yes();
    private readonly Option<bool> _json = Report.JsonOption();
    private readonly Option<string?> _policy = PolicyLocation.Option();

    public PolicyRemoveCommand()
        : base("remove", "Remove rules; the change is shown before it is written.")
    {
        Arguments.Add(_numbers);
        Options.Add(_deny);
        Options.Add(_yes);
        Options.Add(_json);
        Options.Add(_policy);
    }

    public int Run(Invocation invocation)
    {
        var list = invocation.Value(_deny) ? RuleList.Deny : RuleList.Allow;
        var numbers = invocation.Value(_numbers)!.Select(Number).Distinct().OrderDescending().ToList();
        var path = PolicyLocation.Of(invocation, _policy);
        using var change = PolicyChange.Of(path, invocation.Around.UserId, invocation.Value(_yes));
        var rules = change.Count(list);
        if (numbers[0] > rules)
        {
            throw new FailureException(ExitCode.Failed,
                $"there is no {list.Name()} rule {numbers[0]} in {Printable.Text(path)}, which has {rules}: 'opx policy list' shows them");
        }

        // From the last one on, so that the numbers of those before stay.
        var after = numbers.Aggregate(change.Before!, (content, number) => PolicyEdit.Remove(content, list, number));
        return change.Make(after, invocation.Around, new Report(invocation, _json));
    }

    private static int Number(string text) => int.TryParse(text, out var number) && number > 0
        ? number
        : throw new UsageException($"'{Printable.Text(text, 64)}' is no number of a rule");
}
