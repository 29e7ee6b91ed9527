using System.Text;
using Opx.Cli;
using Opx.Cli.Commands;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>
/// Command lines of <c>opx</c>, a word a line: understood or named as wrong in one line; what follows <c>--</c> is the child's and changes
/// nothing; a word that is understood is one that was given.
/// </summary>
internal sealed class OpxLineTarget() : Target("opx-line", 2)
{
    private static readonly ThreadLocal<OpxCommand> Root = new(() => new OpxCommand());

    public override byte[] Generate(Choices choices)
    {
        var words = new List<string> { Command(choices) };
        for (var more = choices.Between(0, 6); more > 0; more--)
            words.Insert(choices.Chance(90) ? words.Count : 0, Word(choices));
        return Mutation.Some(Encoding.UTF8.GetBytes(string.Join('\n', words)), choices);
    }

    public override void Check(byte[] input)
    {
        var words = Encoding.UTF8.GetString(input).Split('\n');
        var (parse, childWords) = CommandLine.Parse(Root.Value!, words);
        var fault = CommandLine.Fault(parse, words);
        if (fault is not null)
            Oracle.IsFit(fault);
        foreach (var word in words)
            CheckAssignment(word);
        if (fault is not null || parse.CommandResult.Command is not IOpxCommand command)
            return;
        foreach (var token in parse.CommandResult.Tokens)
            Oracle.Holds(Array.Exists(words, word => word.Contains(token.Value, StringComparison.Ordinal)), $"the operand '{token.Value}' from nowhere");
        if (command is not RunCommand || Array.IndexOf(words, "--") is not (>= 0 and var dashes))
            return;
        Oracle.Same(words.Length - dashes - 1, childWords, "the child's words");
        string[] others = [.. words[..(dashes + 1)], .. words[(dashes + 1)..].Select(_ => "--account=x")];
        var (again, _) = CommandLine.Parse(Root.Value!, others);
        Oracle.Same(parse.ToString(), again.ToString(), "the child's words changed what is ours");
    }

    private static void CheckAssignment(string word)
    {
        try
        {
            var assignment = Assignment.Parse(word);
            Oracle.Same(word, $"{assignment.Name}={assignment.Reference}", "the assignment");
            Oracle.Holds(VariableName.IsValid(assignment.Name), "a name that no shell takes");
        }
        catch (UsageException usage)
        {
            Oracle.IsFit(usage.Message);
        }
    }

    private static string Command(Choices choices) => choices.Of(
        "read", "resolve", "run", "inject", "status", "invalidate", "lock", "unlock", "audit", "daemon", "service", "doctor", "policy", "login", "logout", "shim", "migrate", "completion", "opx", "[x]", "what");

    private static string Word(Choices choices) => choices.Of(
        "op://v/i/f", "A=op://v/i/f", "-n", "-o", "out", "--fresh", "--fresh=false", "--env", "--env-file", "--env-file=.env", "--", "-", "--json", "--quiet", "-q", "--help", "--version", "--account", "--account=work",
        "--account=", "--format", "json", "-i", "--mode=0644", "vault", "1password", "test", "add", "--path=/bin/a", "--ref=*", "list", "verify", "@file", "--ref", "", "--all", "bash", "sh", Words.Text(choices));
}
