using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using Opx.Cli.Commands;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli;

/// <summary>From the words of the command line to a command that runs.</summary>
internal static class CommandLine
{
    // '@file' is a reference or a word like any other.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    public static int Run(string[] words, Surroundings around)
    {
        if (NativeProcess.Undecodable(words) is { } undecodable)
            return Messages.Usage($"'{Printable.Text(undecodable)}' is not UTF-8, as references and the names of files have to be", new OpxCommand());
        var root = OpxCommand.For(words);
        words = Switches.Settle(root, words);
        var (parse, childWords) = Parse(root, words);
        var command = parse.CommandResult.Command;
        if (Given(parse, root.Help))
            return StandardStreams.Print(HelpText.Of(command));
        if (Given(parse, root.Version) && command == root)
            return StandardStreams.Print($"opx {VersionText}\n");
        if (words.Length == 0)
        {
            Messages.Raw(HelpText.Of(root));
            return ExitCode.Usage;
        }

        // System.CommandLine skips a first word that repeats the program's name, and one in brackets (a directive).
        if (words[0] is "opx" or ['[', .., ']'])
            return Messages.Usage($"unknown command '{Printable.Text(words[0])}'", root);
        if (Fault(parse, words) is { } fault)
            return Messages.Usage(fault, command);
        var account = parse.GetValue(root.Account);
        if (account is not null && !Account.IsValid(account))
            return Messages.Usage("--account wants a sign-in address, a shorthand or an account id", command);
        try
        {
            return ((IOpxCommand)command).Run(new Invocation(parse, account, Given(parse, root.Quiet), childWords, around));
        }
        catch (UsageException usage)
        {
            return Messages.Usage(usage.Message, command);
        }
    }

    /// <summary>Parses what is ours: of <c>run</c> the words up to <c>--</c>, so that nothing here ever looks at the child's.</summary>
    public static (ParseResult Parse, int? ChildWords) Parse(OpxCommand root, string[] words)
    {
        var dashes = Array.IndexOf(words, "--");
        if (dashes < 0)
            return (root.Parse(words, Configuration), null);
        var ours = root.Parse(words[..dashes], Configuration);
        return ours.CommandResult.Command is RunCommand
            ? (ours, words.Length - dashes - 1)
            : (root.Parse(words, Configuration), null);
    }

    /// <summary>What is wrong with the words, or null.</summary>
    public static string? Fault(ParseResult parse, string[] words)
    {
        var dashes = Array.IndexOf(words, "--");
        var ours = dashes < 0 ? words.Length : dashes;
        for (var i = 0; i < ours; i++)
        {
            // System.CommandLine takes the next word for the missing value: --account= op://… would swallow the reference.
            if (words[i] is ['-', .., '='] word && word.IndexOf('=') == word.Length - 1)
                return $"{Printable.Text(word)} wants a value";
            if (Switches.WithValue(parse.CommandResult.Command, words[i]) is { } name)
                return $"{name} is on or off: write {name}, {name}=true or {name}=false";
        }

        if (parse.UnmatchedTokens.Count > 0)
            return Unmatched(parse, parse.UnmatchedTokens[0]);
        var operands = parse.CommandResult.Tokens;
        var afterDashes = parse.CommandResult.Command is RunCommand || dashes < 0 ? 0 : words.Length - dashes - 1;
        for (var i = 0; i < operands.Count - afterDashes; i++)
        {
            // An option that nobody knows is taken for an operand where there is room for one.
            if (operands[i].Value is ['-', _, ..] unknown)
                return $"unknown option '{Printable.Text(unknown)}'";
        }

        if (parse.Errors.Count > 0)
            return Sentence(parse);
        return parse.CommandResult.Command is IOpxCommand ? null : "say which command";
    }

    private static string Unmatched(ParseResult parse, string word)
    {
        var kind = word is ['-', _, ..] ? "unknown option"
            : parse.CommandResult.Command.Subcommands.Count > 0 ? "unknown command"
            : "unexpected argument";
        return $"{kind} '{Printable.Text(word)}'";
    }

    private static string Sentence(ParseResult parse)
    {
        foreach (var child in parse.CommandResult.Children)
        {
            if (child.Errors.Any() && child is OptionResult { Option: var option } given)
            {
                return given.Tokens.Count == 0
                    ? $"{option.Name} wants {option.HelpName}"
                    : given.IdentifierTokenCount > 1 ? $"{option.Name} may be given once" : Plain(child.Errors.First().Message);
            }
        }

        var command = parse.CommandResult.Command;
        return command switch
        {
            { Subcommands.Count: > 0 } => "say which command",
            { Arguments.Count: > 0 } when parse.CommandResult.Tokens.Count == 0 =>
                $"{command.Name} wants {HelpText.Label(command.Arguments[0])}",
            _ => Plain(parse.Errors[0].Message),
        };
    }

    private static string Plain(string message) => Printable.Text(message.TrimEnd('.').Trim());

    private static bool Given(ParseResult parse, Option<bool> option) => parse.GetResult(option) is { Implicit: false };

    internal static string VersionText =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
