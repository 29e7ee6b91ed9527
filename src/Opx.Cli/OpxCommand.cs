using System.CommandLine;
using Opx.Cli.Commands;

namespace Opx.Cli;

/// <summary>The tree of commands. It is a plain <see cref="Command"/>: System.CommandLine's own root brings directives, a suggestion
/// protocol and actions that open the console.</summary>
internal sealed class OpxCommand : Command
{
    public OpxCommand()
        : base("opx", "Reads secrets from 1Password, Vault and OpenBao through one daemon per user.")
    {
        Options.Add(Account);
        Options.Add(Quiet);
        Options.Add(Help);
        Options.Add(Version);
        Subcommands.Add(new ReadCommand());
        Subcommands.Add(new ResolveCommand());
        Subcommands.Add(new RunCommand());
        Subcommands.Add(new InjectCommand());
        Subcommands.Add(new StatusCommand());
        Subcommands.Add(new InvalidateCommand());
        Subcommands.Add(new LockCommand());
        Subcommands.Add(new UnlockCommand());
        Subcommands.Add(new AuditCommand());
        Subcommands.Add(DaemonCommands.Create());
        Subcommands.Add(ServiceCommands.Create());
        Subcommands.Add(new DoctorCommand());
        Subcommands.Add(PolicyCommands.Create());
        Subcommands.Add(LoginCommands.Create());
        Subcommands.Add(LogoutCommands.Create());
        Subcommands.Add(ShimCommands.Create());
        Subcommands.Add(new MigrateCommand());
        Subcommands.Add(CompletionCommands.Create(this));
    }

    public Option<string?> Account { get; } = new("--account")
    { HelpName = "ID", Description = "The 1Password account to ask.", Recursive = true };

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    { Description = "Say nothing of what was done; errors are said.", Arity = ArgumentArity.Zero, Recursive = true };

    public Option<bool> Help { get; } = new("--help", "-h") { Description = "Print this.", Arity = ArgumentArity.Zero, Recursive = true };

    public Option<bool> Version { get; } = new("--version") { Description = "Print the version.", Arity = ArgumentArity.Zero };
}
