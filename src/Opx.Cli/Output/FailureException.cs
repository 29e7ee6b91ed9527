using Opx.Protocol;

namespace Opx.Cli.Output;

/// <summary>Ends a command: what goes to standard error, and the exit code. Caught in <c>Program</c> and nowhere else.</summary>
internal sealed class FailureException(int exitCode, IReadOnlyList<string> lines) : Exception(lines.Count > 0 ? lines[0] : "")
{
    public FailureException(int exitCode, string line)
        : this(exitCode, [line])
    {
    }

    public FailureException(Problem problem)
        : this(Output.ExitCode.Of(problem.Code), Messages.Of(problem))
    {
    }

    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Lines { get; } = lines;

    public int Report()
    {
        foreach (var line in Lines)
            Messages.Error(line);
        return ExitCode;
    }
}

/// <summary>The command line asks for something that is not to be had; the command's help is pointed at.</summary>
internal sealed class UsageException(string message) : Exception(message);
