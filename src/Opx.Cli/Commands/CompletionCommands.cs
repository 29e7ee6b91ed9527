using System.CommandLine;
using Opx.Cli.Output;

namespace Opx.Cli.Commands;

/// <summary><c>opx completion bash|zsh|fish</c>: a script that knows the whole tree and starts nothing.</summary>
internal static class CompletionCommands
{
    public static Command Create(Command root) => new("completion", "Print a shell's completion script.")
    {
        new ShellCommand("bash", root, BashCompletion.Script, "source <(opx completion bash)"),
        new ShellCommand("zsh", root, ZshCompletion.Script, "source <(opx completion zsh)"),
        new ShellCommand("fish", root, FishCompletion.Script, "opx completion fish | source"),
    };

    private sealed class ShellCommand(string shell, Command root, Func<IReadOnlyList<CompletionWords>, string> script, string use)
        : Command(shell, $"For {shell}: {use}"), IOpxCommand
    {
        public int Run(Invocation invocation) => StandardStreams.Print(script(CompletionWords.Of(root)));
    }
}
