using System.Globalization;
using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.DropIn;

/// <summary>The <c>op</c> that this one stands before on the path: it becomes this process, with the words as they came.</summary>
internal static class RealOp
{
    // A wrapper named op that calls op, and finds us again: by exec in this very process, or ever deeper.
    private const string LoopVariable = "OPX_DROP_IN";
    private const int Deepest = 8;

    public static FailureException Become(IReadOnlyList<byte[]> words, Surroundings around, SignalState signals)
    {
        var depth = Depth(around.Variable(LoopVariable));
        var program = ProgramSearch.Find("op", around.NonEmpty(EnvironmentNames.OpPath), around.NonEmpty(EnvironmentNames.Path), Environment.ProcessPath);
        if (program is null || depth is null || depth >= Deepest)
        {
            var what = program is null ? "there is no other op on PATH" : $"{Printable.Text(program)} leads back to it";
            return new FailureException(ExitCode.Failed, $"{StandIn.Mark}, and {what}: install 1Password's CLI, or run opx shim uninstall");
        }

        var environment = new ChildEnvironment(NativeProcess.Environment());
        environment.Set(LoopVariable, Encoding.ASCII.GetBytes($"{Environment.ProcessId}:{depth + 1}"));
        return new Replacement(around.Inherited, signals).Execute([Encoding.UTF8.GetBytes(program), .. words.Skip(1)], environment.Entries);
    }

    /// <summary>How often op was handed over to above us; null where it was in this very process, which can only be a circle.</summary>
    internal static int? Depth(string? variable)
    {
        if (variable?.Split(':') is not [var process, var depth] || !int.TryParse(depth, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return 0;
        return process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) ? null : number;
    }
}
