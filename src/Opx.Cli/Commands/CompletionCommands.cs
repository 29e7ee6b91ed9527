using System.CommandLine;
using Opx.Cli.Output;

namespace Opx.Cli.Commands;

/// <summary><c>opx completion bash|zsh|fish</c>: a script that knows the whole tree and starts nothing.</summary>
internal static class CompletionCommands
{
    public static Command Create() => new("completion", "Print a shell's completion script.")
    {
        new ShellCommand("bash", BashCompletion.Script, "source <(opx completion bash)"),
        new ShellCommand("zsh", ZshCompletion.Script, "source <(opx completion zsh)"),
        new ShellCommand("fish", FishCompletion.Script, "opx completion fish | source"),
    };

    private sealed class ShellCommand(string shell, Func<IReadOnlyList<CompletionWords>, string> script, string use)
        : Command(shell, $"For {shell}: {use}"), IOpxCommand
    {
        public int Run(Invocation invocation) => StandardStreams.Print(script(CompletionWords.Of(new OpxCommand())));
    }
}
