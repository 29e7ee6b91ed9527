using System.CommandLine;
using Opx.Cli.Output;

namespace Opx.Cli.Commands;

/// <summary><c>-o FILE</c> and <c>--file-mode</c>.</summary>
internal sealed class OutputOptions
{
    public Option<string> File { get; } = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "Write to a file instead, whole or not at all.",
    };

    public Option<string> Mode { get; } = new("--file-mode")
    {
        HelpName = "MODE",
        Description = $"The file's mode; {OutputFile.DefaultMode} unless given.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(File);
        command.Options.Add(Mode);
    }

    /// <summary>Finds out before anything is read whether the options can be meant.</summary>
    /// <exception cref="UsageException">They cannot.</exception>
    public void Check(Invocation invocation)
    {
        if (!invocation.Has(File) && invocation.Has(Mode))
            throw new UsageException("--file-mode goes with -o FILE");
        if (invocation.Has(File) && invocation.Value(File) is "" or null)
            throw new UsageException("-o wants a file's name");
        OutputFile.ParseMode(invocation.Value(Mode) ?? OutputFile.DefaultMode);
    }

    /// <returns>The exit code.</returns>
    public int Write(Invocation invocation, ReadOnlySpan<byte> bytes)
    {
        if (invocation.Value(File) is not { } path)
            return StandardStreams.Print(bytes);
        OutputFile.Write(path, OutputFile.ParseMode(invocation.Value(Mode) ?? OutputFile.DefaultMode), bytes);
        return ExitCode.Done;
    }
}
