using System.CommandLine;

namespace Opx.Cli.Commands;

/// <summary><c>opx policy</c>: the file that says who may read what.</summary>
internal static class PolicyCommands
{
    public static Command Create() => new("policy", "Say who may read what.")
    {
        new PolicyListCommand(),
        new PolicyAddCommand(),
        new PolicyRemoveCommand(),
        new PolicyTestCommand(),
        new PolicyCheckCommand(),
    };
}
