using System.CommandLine;
using System.Text;
using Opx.Protocol;

namespace Opx.Cli.Output;

/// <summary>Standard error: lines that start with <c>opx: </c>.</summary>
internal static class Messages
{
    public static void Error(string line) => Raw(Screen.OfErrors().Fit($"opx: {line}\n"));

    /// <summary>Where standard error itself cannot be written there is nobody left to tell.</summary>
    public static void Raw(string text) => StandardStreams.TryWrite(StandardStreams.Error, Encoding.UTF8.GetBytes(text));

    public static int Fail(int exitCode, string line)
    {
        Error(line);
        return exitCode;
    }

    public static int Usage(string fault, Command command)
    {
        Error($"{fault} (try '{HelpText.Path(command)} --help')");
        return ExitCode.Usage;
    }

    /// <summary>A problem as one line: the reference where there is one, what happened and what to do.</summary>
    public static string Of(Problem problem)
    {
        var reference = problem.Reference is { Length: > 0 } named ? Printable.Text(named) + ": " : "";
        var request = problem is { Code: ErrorCode.Internal, RequestId: { } id } ? $" (request {Printable.Text(id, 64)})" : "";
        return reference + Printable.Text(problem.Detail) + request;
    }
}
