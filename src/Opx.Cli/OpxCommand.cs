using System.CommandLine;
using Opx.Cli.Commands;

namespace Opx.Cli;

/// <summary>The tree of commands. It is a plain <see cref="Command"/>: System.CommandLine's own root brings directives, a suggestion
/// protocol and actions that open the console.</summary>
internal sealed class OpxCommand : Command
{
    private static readonly (string Name, Func<Command> Make)[] Commands =
    [
        ("read", () => new ReadCommand()),
        ("resolve", () => new ResolveCommand()),
        ("run", () => new RunCommand()),
        ("inject", () => new InjectCommand()),
        ("status", () => new StatusCommand()),
        ("invalidate", () => new InvalidateCommand()),
        ("lock", () => new LockCommand()),
        ("unlock", () => new UnlockCommand()),
        ("audit", () => new AuditCommand()),
        ("daemon", DaemonCommands.Create),
        ("service", ServiceCommands.Create),
        ("doctor", () => new DoctorCommand()),
        ("policy", PolicyCommands.Create),
        ("login", LoginCommands.Create),
        ("logout", LogoutCommands.Create),
        ("shim", ShimCommands.Create),
        ("migrate", () => new MigrateCommand()),
        ("completion", CompletionCommands.Create),
    ];

    public OpxCommand()
        : this(_ => true)
    {
    }

    /// <param name="wanted">Which commands are made, by name.</param>
    public OpxCommand(Func<string, bool> wanted)
        : base("opx", "Reads secrets from 1Password, Vault and OpenBao through one daemon per user.")
    {
        Options.Add(Account);
        Options.Add(Quiet);
        Options.Add(Help);
        Options.Add(Version);
        foreach (var (name, make) in Commands)
        {
            if (wanted(name))
                Subcommands.Add(make());
        }
    }

    /// <summary>The commands that these words can mean: to make all of them takes a fortieth of a cached read.</summary>
    public static OpxCommand For(string[] words) =>
        Commands.Any(command => words.Contains(command.Name)) ? new OpxCommand(name => words.Contains(name)) : new OpxCommand();

    public Option<string?> Account { get; } = new("--account")
    { HelpName = "ID", Description = "The 1Password account to ask.", Recursive = true };

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    { Description = "Say nothing of what was done; errors are said.", Arity = ArgumentArity.Zero, Recursive = true };

    public Option<bool> Help { get; } = new("--help", "-h") { Description = "Print this.", Arity = ArgumentArity.Zero, Recursive = true };

    public Option<bool> Version { get; } = new("--version") { Description = "Print the version.", Arity = ArgumentArity.Zero };
}
