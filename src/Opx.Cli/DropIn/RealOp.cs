using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.DropIn;

/// <summary>The <c>op</c> that this one stands before on the path: it becomes this process, with the words as they came.</summary>
internal static class RealOp
{
    public static FailureException Become(IReadOnlyList<byte[]> words, Surroundings around, SignalState signals)
    {
        var passed = HandedOver.Parse(around.Variable(HandedOver.Variable), around.NonEmpty(EnvironmentNames.AskedByDaemon), Environment.ProcessId);
        var program = Find(around, passed.Programs);
        if (program is null && !passed.IsCircle)
        {
            passed = passed with { Programs = [] };
            program = Find(around, []);
        }

        if (program is null || passed.Depth >= HandedOver.Deepest)
        {
            var what = passed.Depth == 0 && passed.Programs.Count == 0 ? "there is no other op on PATH" : "what is on PATH as op leads back to it";
            return new FailureException(ExitCode.Failed, $"{StandIn.Mark}, and {what}: install 1Password's CLI, or run opx shim uninstall");
        }

        var environment = new ChildEnvironment(NativeProcess.Environment());
        environment.Set(HandedOver.Variable, Encoding.UTF8.GetBytes(passed.With(program).ToString()));
        return new Replacement(around.Inherited, signals).Execute([Encoding.UTF8.GetBytes(program), .. words.Skip(1)], environment.Entries);
    }

    private static string? Find(Surroundings around, IReadOnlyList<string> passed) => ProgramSearch.Find(
        "op", around.NonEmpty(EnvironmentNames.OpPath), around.NonEmpty(EnvironmentNames.Path), Environment.ProcessPath, passed);
}
