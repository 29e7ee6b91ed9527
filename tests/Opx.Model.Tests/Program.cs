using Opx.Model.Tests.Histories;
using Opx.TestKit.Generation;

namespace Opx.Model.Tests;

/// <summary>The tests of the suite, or, as <c>histories [SEED]</c>, a long search; <c>OPX_HISTORIES</c> says how long.</summary>
internal static class Program
{
    private const long Histories = 100_000;

    private static int Main(string[] arguments) => arguments switch
    {
        ["histories", var seed] => Show(ulong.Parse(seed)),
        ["histories"] => Find(),
        _ => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments).GetAwaiter().GetResult(),
    };

    private static int Show(ulong seed)
    {
        var fault = History.Run(new Choices(seed), Console.WriteLine);
        Console.WriteLine(fault is null ? $"seed {seed}: as it must be" : Search.Report(seed, fault));
        return fault is null ? 0 : 1;
    }

    private static int Find()
    {
        var histories = Environment.GetEnvironmentVariable("OPX_HISTORIES") is { Length: > 0 } given ? long.Parse(given) : Histories;
        var first = Environment.GetEnvironmentVariable("OPX_FUZZ_SEED") is { Length: > 0 } start ? ulong.Parse(start) : (ulong)Random.Shared.NextInt64(1L << 48);
        Console.WriteLine($"fuzz: {histories:N0} histories, seeds from {first}");
        var (tally, began) = (new Tally(), TimeProvider.System.GetTimestamp());
        var report = Search.Run(first, histories, tally);
        Console.WriteLine($"fuzz: {tally}");
        Console.WriteLine(report ?? $"fuzz: {histories:N0} histories in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s, none went wrong");
        return report is null ? 0 : 1;
    }
}
