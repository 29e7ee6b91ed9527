using System.CommandLine;

namespace Opx.Cli;

/// <summary>
/// Options without a value: <c>--fresh</c>. Other programs let one write <c>--fresh=false</c>, which to System.CommandLine is a switch that is
/// on, and an operand.
/// </summary>
internal static class Switches
{
    /// <summary>The words with <c>--fresh</c> for <c>--fresh=true</c>, and nothing for <c>--fresh=false</c>.</summary>
    public static string[] Settle(OpxCommand root, string[] words)
    {
        var ours = Ours(words);
        if (!Array.Exists(words[..ours], word => word is ['-', ..] && word.Contains('=')))
            return words;
        var command = CommandLine.Parse(root, words).Parse.CommandResult.Command;
        return [.. words[..ours].Select(word => Settled(command, word)).OfType<string>(), .. words[ours..]];
    }

    /// <summary>The switch that a word gives a value; null where it is no such word.</summary>
    public static string? WithValue(Command command, string word) =>
        word is ['-', ..] && word.IndexOf('=') is var equals and > 0 && IsSwitch(command, word[..equals]) ? word[..equals] : null;

    /// <summary>How many words are ours: behind <c>--</c> they are a child's, or operands.</summary>
    private static int Ours(string[] words) => Array.IndexOf(words, "--") is var dashes and >= 0 ? dashes : words.Length;

    private static string? Settled(Command command, string word) => WithValue(command, word) is not { } name ? word
        : word.EndsWith("=true", StringComparison.Ordinal) ? name
        : word.EndsWith("=false", StringComparison.Ordinal) ? null
        : word;

    private static bool IsSwitch(Symbol symbol, string name) => symbol is Command command
        && (command.Options.Any(option => option.Arity.MaximumNumberOfValues == 0 && (option.Name == name || option.Aliases.Contains(name)))
            || command.Parents.Any(parent => IsSwitch(parent, name)));
}
