using static Opx.Policy.Tests.Policies;

namespace Opx.Policy.Tests;

/// <summary>Deny, allow, default_deny, named for somebody else, allowed: in this order.</summary>
public sealed class DecisionOrderTests
{
    private const string Token = "op://Production/k8s/token";

    [Fact]
    public void An_empty_policy_allows_everything()
    {
        var decision = Of("{}").Decide(Kubectl, Token);

        Assert.Equal(new AccessDecision(true, "no rule names it", null), decision);
    }

    [Fact]
    public void A_matching_deny_rule_wins_over_every_allow_rule()
    {
        var policy = Of("""
            {"allow":[{"refs":["*"]}, {"path":"/usr/bin/kubectl","refs":["op://Production/k8s/token"]}],
             "deny":[{"refs":["op://Personal/*"]}, {"path":"/usr/bin/kubectl","refs":["op://Production/*"]}]}
            """);

        Assert.Equal(new AccessDecision(false, "deny rule 2", 2), policy.Decide(Kubectl, Token));
        Assert.Equal(new AccessDecision(true, "rule 1", 1), policy.Decide(Helm, Token));
    }

    [Fact]
    public void The_first_of_the_matching_rules_is_the_one_that_is_named()
    {
        var policy = Of("""
            {"allow":[{"path":"/usr/bin/helm","refs":["*"]}, {"refs":["op://Production/*"]},
             {"path":"/usr/bin/kubectl","refs":["op://Production/k8s/token"]}, {"refs":["*"]}]}
            """);

        Assert.Equal(2, policy.Decide(Kubectl, Token).Rule);
        Assert.Equal(4, policy.Decide(Kubectl, "op://Other/k8s/token").Rule);
        Assert.Equal(1, policy.Decide(Helm, Token).Rule);
    }

    [Fact]
    public void Default_deny_denies_what_no_rule_allows()
    {
        const string Json = """{"allow":[{"path":"/usr/bin/kubectl","refs":["op://Production/k8s/*"]}],"default_deny":true}""";

        Assert.Equal(new AccessDecision(false, "default_deny", null), Of(Json).Decide(Helm, Token));
        Assert.Equal("default_deny", Reason(Json, Kubectl, "op://Other/k8s/token"));
        Assert.Equal("rule 1", Reason(Json, Kubectl, Token));
    }

    [Fact]
    public void A_reference_that_a_rule_names_for_somebody_else_is_denied_without_default_deny_too()
    {
        const string Json = """{"allow":[{"path":"/usr/bin/kubectl","refs":["op://Production/k8s/*"]}]}""";

        Assert.Equal(new AccessDecision(false, "named for others", 1), Of(Json).Decide(Helm, Token));
        Assert.Equal("no rule names it", Reason(Json, Helm, "op://Production/other/token"));
        Assert.Equal("no rule names it", Reason(Json, Kubectl, "op://Production/other/token"));
    }

    [Fact]
    public void An_expired_allow_rule_allows_nobody_and_does_not_open_the_reference_to_all()
    {
        const string Json = """{"allow":[{"path":"/usr/bin/kubectl","refs":["op://Production/*"],"expires_at":"2026-11-22T00:41:07Z"}]}""";

        Assert.Equal("named for others", Reason(Json, Kubectl, Token));
        Assert.Equal("named for others", Reason(Json, Helm, Token));
        Assert.Equal("rule 1", Of(Json).Decide(Kubectl, Ref(Token), Now - TimeSpan.FromTicks(1)).Reason);
    }

    [Fact]
    public void An_expired_deny_rule_denies_nothing()
    {
        const string Json = """{"deny":[{"refs":["*"],"expires_at":"2026-11-22T01:41:07+01:00"}]}""";

        Assert.True(Of(Json).Decide(Kubectl, Token).Allowed);
        Assert.False(Of(Json).Decide(Kubectl, Ref(Token), Now - TimeSpan.FromTicks(1)).Allowed);
    }
}
