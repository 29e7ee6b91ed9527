using System.CommandLine;
using System.CommandLine.Completions;

namespace Opx.Cli.Output;

/// <summary>What may follow one command of the tree.</summary>
/// <param name="Path">The command without the program's name: <c>daemon start</c>; empty for the root.</param>
internal sealed record CompletionWords(
    string Path, IReadOnlyList<(string Name, string Description)> Commands, IReadOnlyList<CompletionOption> Options)
{
    public static IReadOnlyList<CompletionWords> Of(Command root)
    {
        var all = new List<CompletionWords>();
        Collect(root, "", [], all);
        return all;
    }

    private static void Collect(Command command, string path, IReadOnlyList<Option> inherited, List<CompletionWords> all)
    {
        var options = command.Options.Concat(inherited).ToList();
        all.Add(new CompletionWords(
            path,
            [.. command.Subcommands.Select(child => (child.Name, FirstLine(child.Description)))],
            [.. options.Select(CompletionOption.Of)]));
        var passedOn = options.Where(option => option.Recursive).ToList();
        foreach (var child in command.Subcommands)
            Collect(child, path.Length == 0 ? child.Name : $"{path} {child.Name}", passedOn, all);
    }

    internal static string FirstLine(string? text) => (text ?? "").Split('\n')[0].TrimEnd('.', ':');
}

/// <summary>An option as completion sees it.</summary>
/// <param name="Names">Long and short.</param>
/// <param name="TakesFile">Its value is a file's name.</param>
/// <param name="Choices">The values it takes, where they are few: those of its help, or what it names itself where help has no room for them.</param>
internal sealed record CompletionOption(
    IReadOnlyList<string> Names, string Description, bool TakesValue, bool TakesFile, IReadOnlyList<string> Choices)
{
    public static CompletionOption Of(Option option) => new(
        [option.Name, .. option.Aliases],
        CompletionWords.FirstLine(option.Description),
        option.Arity.MaximumNumberOfValues > 0,
        option.HelpName == "FILE",
        option.HelpName is { } values && values.Contains('|') ? values.Split('|')
            : option.Arity.MaximumNumberOfValues > 0 ? [.. option.GetCompletions(CompletionContext.Empty).Select(choice => choice.Label)] : []);
}
