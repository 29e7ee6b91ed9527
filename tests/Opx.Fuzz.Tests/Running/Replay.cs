using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Running;

/// <summary>A seed again, and the smallest input that fails for the same reason.</summary>
internal static class Replay
{
    public static int Show(Target target, ulong seed, TextWriter output)
    {
        var input = target.Input(seed);
        if (Trial.Fault(target, input) is { } fault)
        {
            output.WriteLine(Report(target, seed, fault));
            return 1;
        }

        output.WriteLine($"{target.Name}, seed {seed}: as it must be\n  {Oracle.Shown(input)}");
        return 0;
    }

    public static string Report(Target target, ulong seed, string fault)
    {
        var made = new List<int>();
        target.Input(seed, made);
        var fewest = Shrinking.Shrink(made, choices => IsSame(target, target.Generate(new Choices(choices)), fault));
        var input = Smallest(target, target.Generate(new Choices(fewest)), fault);
        return $"""
            {target.Name}, seed {seed}: {Trial.Fault(target, input)}
              smallest input: {Oracle.Shown(input)}
              again with:     make fuzz TARGET={target.Name} SEED={seed}
            """;
    }

    private static byte[] Smallest(Target target, byte[] input, string fault) =>
        [.. Shrinking.Shrink(input, bytes => IsSame(target, [.. bytes], fault), one => one is (byte)'a' ? [] : [(byte)'a'])];

    // The kind alone: what the text quotes changes with the input.
    private static bool IsSame(Target target, byte[] input, string fault) => Trial.Fault(target, input) is { } now && Kind(now) == Kind(fault);

    private static string Kind(string fault) => new([.. fault.TakeWhile(letter => letter is not (':' or '\'') && !char.IsAsciiDigit(letter))]);
}
