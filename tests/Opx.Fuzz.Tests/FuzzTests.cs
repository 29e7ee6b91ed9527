using Opx.Fuzz.Tests.Running;

namespace Opx.Fuzz.Tests;

/// <summary>What was found once, and a slice of what <c>make fuzz</c> does: the same inputs each time.</summary>
public sealed class FuzzTests
{
    private const long InputsInAll = 80_000;

    public static TheoryData<string> Names => [.. AllTargets.List.Select(target => target.Name)];

    [Theory, MemberData(nameof(Names))]
    public void What_was_found_once_is_not_found_again(string name)
    {
        var target = AllTargets.List.Single(target => target.Name == name);
        foreach (var (file, input) in Corpus.Of(name))
            Assert.True(Trial.Fault(target, input) is not { } fault, $"Corpus/{name}/{file}: {Trial.Fault(target, input)}");
    }

    [Theory, MemberData(nameof(Names))]
    public void Generated_inputs_come_to_what_they_must(string name)
    {
        var target = AllTargets.List.Single(target => target.Name == name);
        var inputs = Math.Max(20, InputsInAll * target.Weight / AllTargets.List.Sum(each => each.Weight));
        for (var seed = 1UL; seed <= (ulong)inputs; seed++)
        {
            if (Trial.Fault(target, target.Input(seed)) is { } fault)
                Assert.Fail(Replay.Report(target, seed, fault));
        }
    }
}
