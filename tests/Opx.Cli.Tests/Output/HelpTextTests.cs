using System.CommandLine;
using Opx.Cli.Output;

namespace Opx.Cli.Tests.Output;

public sealed class HelpTextTests
{
    public static TheoryData<string> Commands => [.. All(new OpxCommand()).Select(HelpText.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_has_an_example_that_is_understood(string path)
    {
        var command = All(new OpxCommand()).Single(command => HelpText.Path(command) == path);
        var help = HelpText.Of(command).Split('\n');
        var at = Array.IndexOf(help, "Example:");

        Assert.True(at > 0, $"{path} has no example");
        Assert.Contains(command.Subcommands.Count > 0 ? "opx " : path, help[at + 1]);
        Assert.Single(help, line => line == "Example:");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_fits_a_terminal_of_80_by_40(string path)
    {
        var help = HelpText.Of(All(new OpxCommand()).Single(command => HelpText.Path(command) == path)).TrimEnd('\n').Split('\n');

        Assert.All(help, line => Assert.True(line.Length <= 80, line));
        Assert.InRange(help.Length, 1, 40);
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);
}
