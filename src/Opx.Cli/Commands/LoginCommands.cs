using System.CommandLine;
using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx login</c>: to 1Password by <c>op signin</c> on this terminal, to the others through the daemon.</summary>
internal static class LoginCommands
{
    public static Command Create() => new("login", "Sign in to a backend.")
    {
        new OnePasswordCommand(),
        new BackendLoginCommand("vault", "HashiCorp Vault"),
        new BackendLoginCommand("bao", "OpenBao"),
        new LoginStatusCommand(),
    };

    private sealed class OnePasswordCommand()
        : Command("1password", "Sign in to 1Password: runs 'op signin' on this terminal."), IOpxCommand
    {
        public int Run(Invocation invocation)
        {
            var signals = SignalState.Remember();
            var around = invocation.Around;
            var (named, path) = (around.NonEmpty(EnvironmentNames.OpPath), around.NonEmpty(EnvironmentNames.Path));
            var program = ProgramSearch.Find("op", named, path, Environment.ProcessPath)
                ?? throw new FailureException(
                    ExitCode.Failed, "cannot find 'op', the 1Password CLI: install it, or set OPX_OP_PATH to its path");
            List<string> words = [program, "signin"];
            if (invocation.Account is { } account)
                words.AddRange(["--account", account]);
            var bytes = words.ConvertAll(Encoding.UTF8.GetBytes);
            throw new Replacement(around.Inherited, signals).Execute(bytes, NativeProcess.Environment());
        }
    }
}
