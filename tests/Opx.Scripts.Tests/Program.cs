using Opx.Scripts.Tests.Tools;

namespace Opx.Scripts.Tests;

/// <summary>Runs the scripts as xunit tests, or, as <c>tool NAME …</c>, one of the tools that scripts use where no base system has one.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments is ["tool", var name, .. var rest]
        ? Tool.Run(name, rest)
        : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments);
}
