using static Opx.Policy.Tests.Policies;

namespace Opx.Policy.Tests;

/// <summary>The forms of <c>refs</c>: all, a prefix, a glob, exact.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData("*", "op://V/i/f", true)]
    [InlineData("*", "vault://secret/app#k", true)]
    [InlineData("*", "anything", true)]
    [InlineData("op://V/i/f", "op://V/i/f", true)]
    [InlineData("op://V/i/f", "op://V/i/f2", false)]
    [InlineData("op://V/i/f", "op://V/i", false)]
    [InlineData("op://V/i/f", "OP://v/i/f", true)]
    [InlineData("OP://v/i/f", "op://V/i/f", true)]
    [InlineData("op://V/i/f", "op://V/I/f", false)]
    [InlineData("op://V/i/f", "op://V/i/F", false)]
    [InlineData("op://V/i/f", "op://V/i/f?attribute=otp", false)]
    [InlineData("op://V/i/*", "op://V/i/f?attribute=otp", true)]
    [InlineData("op://V/*", "op://V/i/s/f", true)]
    [InlineData("op://V/*", "op://v/I/F", true)]
    [InlineData("op://V/*", "op://VV/i/f", false)]
    [InlineData("op://V/it*", "op://V/item/f", true)]
    [InlineData("op://V/it*", "op://V/It/f", false)]
    [InlineData("op://Pro*", "op://production/i/f", true)]
    [InlineData("op://*", "op://V/i/f", true)]
    [InlineData("op://*", "vault://secret/app", false)]
    [InlineData("op://V/*/f", "op://V/i/f", true)]
    [InlineData("op://V/*/f", "op://V/i/s/f", false)]
    [InlineData("op://V/*/f", "op://V/i/g", false)]
    [InlineData("op://*/i/f", "op://Any/i/f", true)]
    [InlineData("op://V/a*c/f", "op://V/abbc/f", true)]
    [InlineData("op://V/a*c/f", "op://V/abcb/f", false)]
    [InlineData("op://V/a*b*c/f", "op://V/axbxxc/f", true)]
    [InlineData("op://V/a*b*c/f", "op://V/acb/f", false)]
    [InlineData("op://V/*/f*", "op://V/i/field/more", true)]
    [InlineData("vault://secret/app#k", "vault://secret/app#k", true)]
    [InlineData("vault://secret/app#k", "VAULT://secret/app#k", true)]
    [InlineData("vault://secret/app#k", "vault://Secret/app#k", false)]
    [InlineData("vault://secret/app#k", "vault://secret/app", false)]
    [InlineData("vault://secret/app", "vault://secret/app#k", false)]
    [InlineData("vault://secret/app#*", "vault://secret/app#k", true)]
    [InlineData("vault://secret/*#user", "vault://secret/app#user", true)]
    [InlineData("vault://secret/*#user", "vault://secret/app#password", false)]
    [InlineData("bao://secret/*", "vault://secret/app", false)]
    [InlineData("secret/*", "secret/app", true)]
    [InlineData("secret/*", "vault://secret/app", false)]
    [InlineData("vault://secret/*", "secret/app", false)]
    public void An_allow_rule_takes_its_patterns_exactly(string pattern, string reference, bool allowed)
    {
        var json = $$"""{"allow":[{"refs":["op://Other/x/y","{{pattern}}"]}],"default_deny":true}""";

        Assert.Equal(allowed ? "rule 1" : "default_deny", Reason(json, Kubectl, reference));
        if (allowed)
            Assert.Equal("deny rule 1", Reason($$"""{"deny":[{"refs":["op://Other/x/y","{{pattern}}"]}]}""", Kubectl, reference));
    }

    [Theory]
    [InlineData("op://V/i/f", "op://V/i/g")]
    [InlineData("op://V/i/*", "op://V/j/f")]
    [InlineData("op://V/*", "op://W/i/f")]
    [InlineData("op://V/i/s/f", "op://V/i/t/f")]
    [InlineData("op://V/*/f", "op://V/i/g")]
    [InlineData("vault://secret/app", "vault://secret/app2")]
    [InlineData("vault://secret/app#a", "vault://secret/app#b")]
    [InlineData("vault://secret/app", "vault://secret/app/below")]
    [InlineData("vault://secret/app/*", "vault://secret/app")]
    [InlineData("vault://secret/*", "bao://secret/app")]
    [InlineData("op://secret/*", "vault://secret/app")]
    public void A_deny_rule_leaves_alone_what_it_does_not_name(string pattern, string reference) =>
        Assert.Equal("no rule names it", Reason($$"""{"deny":[{"refs":["{{pattern}}"]}]}""", Kubectl, reference));
}
