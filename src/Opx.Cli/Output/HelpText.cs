using System.CommandLine;
using System.Text;

namespace Opx.Cli.Output;

/// <summary>The help of a command, written from the tree alone.</summary>
internal static class HelpText
{
    public static string Of(Command command)
    {
        var text = new StringBuilder();
        text.Append("Usage: ").Append(Path(command));
        foreach (var option in command.Options.Where(option => option.Required))
            text.Append(' ').Append(Label(option));
        foreach (var argument in command.Arguments)
            text.Append(' ').Append(argument.Arity.MinimumNumberOfValues == 0 ? $"[{Label(argument)}]" : Label(argument));
        if (command.Subcommands.Count > 0)
            text.Append(" [OPTION]… COMMAND");
        text.Append(command is IOpxCommand && OwnOptions(command).Any() ? " [OPTION]…" : "");
        text.Append(command is Commands.RunCommand ? " -- CMD [ARG]…" : "");
        text.Append("\n\n").Append(command.Description).Append('\n');

        if (command.Subcommands.Count > 0)
            Section(text, "Commands", command.Subcommands.Select(child => (child.Name, FirstLine(child.Description))));
        Section(text, "Options", OwnOptions(command).Concat(Inherited(command)).Select(option =>
            (Names(option), option.Description ?? "")));
        if (Examples.Of(Path(command)) is { } example)
            text.Append("\nExample:\n  ").Append(example).Append('\n');
        if (command.Subcommands.Count > 0)
            text.Append("\n'").Append(Path(command)).Append(" COMMAND --help' says more about a command.\n");
        return text.ToString();
    }

    /// <summary>The command as it is typed: <c>opx daemon start</c>.</summary>
    public static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : command.Name;

    public static string Label(Argument argument) => argument.HelpName ?? argument.Name;

    public static string Label(Option option) => option.HelpName is { } value ? $"{option.Name} {value}" : option.Name;

    private static IEnumerable<Option> OwnOptions(Command command) => command.Options.Where(option => !option.Recursive);

    private static IEnumerable<Option> Inherited(Command command)
    {
        for (Command? at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (var option in at.Options.Where(option => option.Recursive))
                yield return option;
        }
    }

    private static string Names(Option option)
    {
        var shorts = option.Aliases.Append(option.Name).Where(name => !name.StartsWith("--", StringComparison.Ordinal));
        var longs = option.Aliases.Append(option.Name).Where(name => name.StartsWith("--", StringComparison.Ordinal));
        var names = string.Join(", ", shorts.Concat(longs));
        return option.HelpName is { } value ? $"{names} {value}" : names;
    }

    private static string FirstLine(string? text) => text is null ? "" : text.Split('\n')[0];

    private static void Section(StringBuilder text, string title, IEnumerable<(string Left, string Right)> rows)
    {
        var lines = rows.ToList();
        if (lines.Count == 0)
            return;
        var width = lines.Max(line => line.Left.Length);
        text.Append('\n').Append(title).Append(":\n");
        foreach (var (left, right) in lines)
            text.Append("  ").Append(left.PadRight(width + 2)).Append(right.Replace("\n", "\n" + new string(' ', width + 4))).Append('\n');
    }
}
