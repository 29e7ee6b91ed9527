using static Opx.Policy.Tests.Policies;

namespace Opx.Policy.Tests;

/// <summary>Spellings by which somebody might get past a rule.</summary>
public sealed class BypassTests
{
    private const string Id = "hfnjvi6aymbsnfc2xeeoheizda";

    /// <summary>Pairs of a pattern and another way to reach a secret that it names.</summary>
    public static TheoryData<string, string> OtherWays => new()
    {
        { "op://Prod/k8s/token", "op://prod/K8S/Token" },
        { "op://Prod/k8s/token", "OP://PROD/K8S/TOKEN" },
        { "op://Prod/k8s/*", "op://Prod/K8s/token" },
        { "op://Prod/*/token", "op://Prod/k8s/TOKEN" },
        { "op://Prod/k8s/token", "op://Prod/\u212a8s/token" },
        { "op://Prod/k8s/token", "op://Prod/k8\u017f/token" },
        { "op://Büro/x/y", "op://BÜRO/X/Y" },
        { "op://Prod/k8s/token", "op://Prod/%6b8s/token" },
        { "op://Prod/k8s/token", "op://Prod/%256b8s/token" },
        { "op://Prod/k8s/token", "op://Prod%2Fk8s%2ftoken" },
        { "op://Prod/my item/token", "op://Prod/my%20item/token" },
        { "op://Prod/my%20item/token", "op://Prod/my item/token" },
        { "op://Prod/k8s/token", "op://Prod//k8s/token" },
        { "op://Prod/k8s/token", "op:///Prod/k8s/token" },
        { "op://Prod/k8s/token", "op://Prod/k8s/token/" },
        { "op://Prod/k8s/token", "op://Prod/./k8s/token" },
        { "op://Prod/k8s/token", "op://Prod/ k8s /token" },
        { "op://Prod/k8s/token", @"op://Prod\k8s\token" },
        { "op://Prod/k8s/token", "op://Prod/k8s/token?attribute=otp" },
        { "op://Prod/k8s/token", "op://Prod/k8s/token?ssh-format=openssh" },
        { "op://Prod/k8s/token?attribute=otp", "op://Prod/k8s/token" },
        { "op://Prod/k8s/token?attribute=otp", "op://Prod/k8s/token?Attribute=totp" },
        { "op://Prod/k8s/token", "op://Prod/k8s/token%3fattribute=otp" },
        // The section may be left out, and named for a field that is in none.
        { "op://Prod/k8s/admin/token", "op://Prod/k8s/token" },
        { "op://Prod/k8s/token", "op://Prod/k8s/add more/token" },
        { "op://Prod/k8s/admin/*", "op://Prod/k8s/token" },
        { "op://Prod/k8s/tok*", "op://Prod/k8s/admin/token" },
        { "op://Prod/k8s/admin/token", $"op://Prod/k8s/{Id}/token" },
        // Ids stand for names that only 1Password knows.
        { "op://Prod/k8s/token", $"op://{Id}/k8s/token" },
        { "op://Prod/k8s/token", $"op://{Id}/{Id}/{Id}" },
        { "op://Prod/*", $"op://{Id.ToUpperInvariant()}/k8s/token" },
        { "op://Prod/k8s/*", $"op://Prod/{Id}/token" },
        { "op://Prod/k8s/token", $"op://Prod/k8s/{Id}" },
        { $"op://{Id}/*", $"op://{Id.ToUpperInvariant()}/x/y" },
        // A pattern that stops short of a field names what is in it.
        { "op://Prod", "op://Prod/k8s/token" },
        { "op://Prod/k8s", "op://Prod/k8s/token" },
        // Without a scheme the default backend is asked, whichever that is.
        { "op://Prod/k8s/token", "Prod/k8s/token" },
        { "vault://secret/app#k", "secret/data/app#k" },
        { "Prod/k8s/*", "op://Prod/k8s/token" },
        { "secret/app", "bao://secret/data/app" },
        { "vault://secret/app#k", "vault://secret/data/app#k" },
        { "vault://secret/data/app#k", "vault://secret/app#k" },
        { "vault://team/kv/app#k", "vault://team/kv/data/app#k" },
        { "vault://secret/data/*", "vault://secret/app#k" },
        { "vault://secret/app/*", "vault://secret/data/app/x" },
        { "vault://secret/dat*", "vault://secret/data/app" },
        { "vault://secret/./dat*", "vault://secret/./data/app" },
        { "vault://secret/app#k", "vault://secret/app" },
        { "vault://secret/app#k", "vault://secret/app#" },
        { "vault://secret/app", "vault://secret/app#k" },
        { "vault://secret/app#k", "vault://secret/app#x#k" },
        { "vault://secret/app#k", "vault://secret/app#K" },
        { "vault://secret/app#k", "vault://secret/app%23k" },
        { "vault://secret/app#k", "vault://secret/app?version=2#k" },
        { "vault://secret/app#k", "vault://secret/app#k?version=2" },
        { "vault://secret/app#k", "vault://secret/app/#k" },
        { "vault://secret/app#k", "vault://secret//app#k" },
        { "vault://secret/app#k", "vault:///secret/app#k" },
        { "vault://secret/app#k", @"vault://secret\app#k" },
        { "vault://secret/app#k", "vault://secret/%61pp#k" },
        { "vault://secret/app#k", "vault://Secret/App#k" },
        { "vault://pki/ca/pem", "VAULT://pki/ca/pem/" },
    };

    [Theory]
    [MemberData(nameof(OtherWays))]
    public void Another_spelling_escapes_no_deny_rule(string pattern, string reference) =>
        Assert.Equal("deny rule 1", Reason($$"""{"deny":[{"refs":[{{Json(pattern)}}]}],"allow":[{"refs":["*"]}]}""", Kubectl, reference));

    [Theory]
    [MemberData(nameof(OtherWays))]
    public void Another_spelling_does_not_reach_what_is_named_for_somebody_else(string pattern, string reference) =>
        Assert.Equal(
            "named for others", Reason($$"""{"allow":[{"path":"/usr/bin/kubectl","refs":[{{Json(pattern)}}]}]}""", Helm, reference));

    [Theory]
    [InlineData("op://Public/*", "op://Public/%2e%2e/Prod/token")]
    [InlineData("vault://public/*", "vault://public/%2e%2e/secret/app")]
    [InlineData("vault://public/*", "vault://public/%252e%252e/secret/app")]
    [InlineData("vault://public/*", @"vault://public\..\secret\app")]
    [InlineData("vault://public/*", "vault://public/.%2e/secret/app#k")]
    [InlineData("vault://public/*", "vault://public/app%00")]
    [InlineData("*", "vault://public/%2e%2e/secret/app")]
    [InlineData("vault://public/%41/*", "vault://public/%2e./x")]
    public void A_disguised_way_upwards_is_never_allowed(string pattern, string reference) =>
        Assert.Equal("unclear reference", Reason($$"""{"allow":[{"refs":[{{Json(pattern)}}]}]}""", Kubectl, reference));

    [Theory]
    [InlineData("op://V/*/f", "op://V/a%2fb/f")]
    [InlineData("op://V/*", "op://V/%69/f")]
    [InlineData("op://V/*", "op://V//i/f")]
    [InlineData("op://V/*", "op://V/i/f/")]
    [InlineData("op://V/*", "op://V/./i/f")]
    [InlineData("op://V/*", @"op://V/i\f")]
    [InlineData("op://V/i *", "op://V/i /f")]
    [InlineData("vault://secret/*", "vault://secret/%64ata/x")]
    [InlineData("vault://secret/*/x", "vault://secret/a#b/x")]
    [InlineData("vault://secret/*/x", "vault://secret/a?version=1/x")]
    [InlineData("vault://secret/*#user", "vault://secret/a#all#user")]
    public void What_a_wildcard_leaves_open_does_not_lead_out_of_it(string pattern, string reference) =>
        Assert.Equal("default_deny", Reason($$"""{"allow":[{"refs":[{{Json(pattern)}}]}],"default_deny":true}""", Kubectl, reference));

    [Fact]
    public void A_name_with_a_percent_sign_can_still_be_allowed_by_its_own_spelling()
    {
        Assert.Equal("rule 1", Reason("""{"allow":[{"refs":["op://V/100%/f"]}],"default_deny":true}""", Kubectl, "op://V/100%/f"));
        Assert.Equal("rule 1", Reason("""{"allow":[{"refs":["op://V/*"]}],"default_deny":true}""", Kubectl, "op://V/100%/f"));
        Assert.Equal("rule 1", Reason("""{"allow":[{"refs":["op://V/a%20b/f"]}],"default_deny":true}""", Kubectl, "op://V/a%20b/f"));
    }

    [Fact]
    public void Whom_a_rule_allows_is_not_somebody_else_where_the_spelling_alone_differs()
    {
        const string Policy = """{"allow":[{"path":"/usr/bin/kubectl","refs":["op://Prod/k8s/token"]}]}""";

        Assert.Equal("no rule names it", Reason(Policy, Kubectl, "op://Prod/K8S/token"));
        Assert.Equal("named for others", Reason(Policy, Helm, "op://Prod/K8S/token"));
    }

    [Fact]
    public void A_long_pattern_of_stars_is_compared_in_no_time()
    {
        var pattern = "op://V/" + string.Concat(Enumerable.Repeat("a*", 400)) + "b";
        var reference = "op://V/" + new string('a', 1_000);

        Assert.Equal("no rule names it", Reason($$"""{"deny":[{"refs":[{{Json(pattern)}}]}]}""", Kubectl, reference));
    }
}
