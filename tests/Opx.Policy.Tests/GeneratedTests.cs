using Opx.Protocol;
using static Opx.Policy.Tests.Policies;

namespace Opx.Policy.Tests;

public sealed class GeneratedTests
{
    private const int PerSeed = 3_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_policy_and_its_plain_second_implementation_always_agree(int seed)
    {
        var generated = new GeneratedCases(seed);
        var reasons = new Dictionary<string, int>();
        for (var i = 0; i < PerSeed;)
        {
            var json = generated.Policy();
            var policy = Of(json);
            for (var j = 0; j < 12; j++)
            {
                var (caller, text) = (generated.Caller(), generated.Reference());
                if (SecretReference.Parse(text, out _) is not { } reference)
                    continue;
                var decision = policy.Decide(caller, reference, Now);
                var plain = new PlainPolicy(json, caller, Now).Decide(text);
                Assert.True(plain == decision.Reason, $"{text} by {caller.Path}: '{decision.Reason}', plainly '{plain}', in {json}");
                Assert.Equal(plain is "no rule names it" || plain.StartsWith("rule ", StringComparison.Ordinal), decision.Allowed);
                Assert.Equal(decision, policy.Decide(caller, reference, Now));
                var kind = plain.TrimEnd("0123456789".ToCharArray());
                reasons[kind] = reasons.GetValueOrDefault(kind) + 1;
                i++;
            }
        }

        // A comparison that never met one of the answers would have compared nothing.
        Assert.All(
            (string[])["rule ", "deny rule ", "default_deny", "named for others", "no rule names it", "unclear reference"],
            kind => Assert.True(reasons.GetValueOrDefault(kind) >= 20, $"{kind}: {reasons.GetValueOrDefault(kind)}"));
    }
}
