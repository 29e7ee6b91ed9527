using Opx.Fuzz.Tests.Running;

namespace Opx.Fuzz.Tests;

/// <summary>The tests of the suite, or, as <c>fuzz [TARGET [SEED]]</c>, a campaign; <c>OPX_FUZZ_INPUTS</c> says how long a one.</summary>
internal static class Program
{
    private const long Inputs = 10_000_000;

    private static int Main(string[] arguments) => arguments switch
    {
        ["fuzz", .. var words] => Fuzz(words),
        _ => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments).GetAwaiter().GetResult(),
    };

    private static int Fuzz(string[] words)
    {
        var targets = words is [var name, ..] ? [.. AllTargets.List.Where(target => target.Name == name)] : AllTargets.List;
        if (targets.Count == 0)
        {
            Console.Error.WriteLine($"fuzz: there is no target '{words[0]}': {string.Join(", ", AllTargets.List.Select(target => target.Name))}");
            return 2;
        }

        if (words is [_, var seed])
            return Replay.Show(targets[0], ulong.Parse(seed), Console.Out);
        var inputs = Environment.GetEnvironmentVariable("OPX_FUZZ_INPUTS") is { Length: > 0 } given ? long.Parse(given) : Inputs;
        var first = Environment.GetEnvironmentVariable("OPX_FUZZ_SEED") is { Length: > 0 } start ? ulong.Parse(start) : (ulong)Random.Shared.NextInt64(1L << 48);
        return Campaign.Run(targets, inputs, first, Console.Out);
    }
}
