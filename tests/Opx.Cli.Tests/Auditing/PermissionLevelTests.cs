using Opx.Cli.Auditing;
using Opx.Policy;
using Opx.Protocol;

namespace Opx.Cli.Tests.Auditing;

public sealed class PermissionLevelTests
{
    [Theory]
    [InlineData("op://Production/k8s/token", "op://Production/k8s/token|op://Production/k8s/*|op://Production/*|*")]
    [InlineData("op://V/item/section/field?attribute=otp", "op://V/item/section/field?attribute=otp|op://V/item/*|op://V/*|*")]
    [InlineData("vault://kv/app/db#password", "vault://kv/app/db#password|vault://kv/app/db#*|vault://kv/*|*")]
    [InlineData("bao://kv/app#k", "bao://kv/app#k|bao://kv/app#*|bao://kv/*|*")]
    [InlineData("vault://kv/app", "vault://kv/app|vault://kv/*|*")]
    [InlineData("Production/k8s/token", "Production/k8s/token|Production/k8s/*|Production/*|*")]
    public void From_the_reference_itself_to_everything(string reference, string patterns) =>
        Assert.Equal(patterns.Split('|'), PermissionLevel.Of(reference)!.Select(level => level.Pattern));

    [Theory]
    [InlineData("op://v/i/a*")]
    [InlineData("op://v/*/f")]
    [InlineData("-x")]
    [InlineData("ftp://x/y")]
    public void What_a_rule_cannot_name_without_naming_more_has_none(string reference) => Assert.Null(PermissionLevel.Of(reference));

    [Theory]
    [InlineData("op://Production/k8s/token", "op://Production/k8s/other", "op://Production/db/password", "op://Personal/x/y")]
    [InlineData("vault://kv/app/db#password", "vault://kv/app/db#user", "vault://kv/other#x", "vault://other/app#x")]
    public void Each_level_allows_what_it_says_and_no_more(string exact, string near, string far, string foreign)
    {
        string[] references = [exact, near, far, foreign];
        var levels = PermissionLevel.Of(exact)!;
        for (var level = 0; level < 4; level++)
        {
            var policy = new AccessPolicy(PolicyFile.Load(
                System.Text.Encoding.UTF8.GetBytes($"{{\"allow\":[{{\"path\":\"/bin/a\",\"refs\":[\"{levels[level].Pattern}\"]}}],\"default_deny\":true}}"), "p").Document!);
            for (var i = 0; i < references.Length; i++)
            {
                var caller = new Caller { ProcessId = 1, UserId = 1, GroupId = 1, Path = "/bin/a" };
                Assert.Equal(i <= level, policy.Decide(caller, SecretReference.Parse(references[i], out _)!, Denied.Noon).Allowed);
            }
        }
    }
}
