using static Opx.Policy.Tests.Policies;

namespace Opx.Policy.Tests;

/// <summary>Every field of the table that is about the caller: looked at, exact, and all of them together.</summary>
public sealed class CallerFieldTests
{
    private const string Reference = "op://V/i/f";
    private const string ContentHash = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static readonly Caller Caller = Kubectl with
    {
        Script = "/srv/deploy.py",
        ContentSha256 = () => ContentHash,
        Signature = () => new CodeSignature(true, "TEAM123456"),
    };

    // SHA-256 of "/usr/bin/kubectl".
    private static string PathHash =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("/usr/bin/kubectl"u8));

    public static TheoryData<string, bool> Fields => new()
    {
        { "\"path\":\"/usr/bin/kubectl\"", true },
        { "\"path\":\"/usr/bin/kubectl2\"", false },
        { "\"path\":\"/usr/bin\"", false },
        { "\"path\":\"/usr/bin/KUBECTL\"", false },
        { "\"script\":\"/srv/deploy.py\"", true },
        { "\"script\":\"/srv/Deploy.py\"", false },
        { $"\"sha256\":\"{ContentHash}\"", true },
        { $"\"sha256\":\"{ContentHash.ToUpperInvariant()}\"", true },
        { $"\"sha256\":\"b{ContentHash[1..]}\"", false },
        { $"\"path_sha256\":\"{PathHash}\"", true },
        { $"\"path_sha256\":\"{PathHash.ToUpperInvariant()}\"", true },
        { $"\"path_sha256\":\"{ContentHash}\"", false },
        { "\"pid\":4711", true },
        { "\"pid\":4712", false },
        { "\"uid\":1000", true },
        { "\"uid\":0", false },
        { "\"gid\":100", true },
        { "\"gid\":1000", false },
        { "\"parents\":[\"/usr/sbin/sshd\"]", true },
        { "\"parents\":[\"/usr/bin/zsh\",\"/usr/bin/bash\"]", true },
        { "\"parents\":[\"/usr/bin/zsh\"]", false },
        { "\"parents\":[\"/usr/bin/kubectl\"]", false },
        { "\"forbidden_parents\":[\"/usr/bin/zsh\"]", true },
        { "\"forbidden_parents\":[\"/usr/bin/zsh\",\"/usr/sbin/sshd\"]", false },
        { "\"require_signed\":true", true },
        { "\"require_signed\":false", true },
        { "\"team_id\":\"TEAM123456\"", true },
        { "\"team_id\":\"TEAM654321\"", false },
        { "\"description\":\"x\",\"created_at\":\"2020-01-01T00:00:00Z\",\"created_by\":\"me\"", true },
        { "\"expires_at\":\"2026-11-22T00:41:08Z\"", true },
        { "\"expires_at\":\"2026-11-22T00:41:07Z\"", false },
        { "\"path\":\"/usr/bin/kubectl\",\"uid\":1000,\"gid\":100,\"pid\":4711,\"script\":\"/srv/deploy.py\"", true },
        { "\"path\":\"/usr/bin/kubectl\",\"uid\":1000,\"gid\":101,\"pid\":4711,\"script\":\"/srv/deploy.py\"", false },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_rule_matches_only_where_each_of_its_fields_does(string fields, bool matches)
    {
        var allow = $$"""{"allow":[{ {{fields}},"refs":["*"]}],"default_deny":true}""";
        var deny = $$"""{"deny":[{ {{fields}},"refs":["*"]}]}""";

        Assert.Equal(matches ? "rule 1" : "default_deny", Reason(allow, Caller, Reference));
        Assert.Equal(matches ? "deny rule 1" : "no rule names it", Reason(deny, Caller, Reference));
    }

    [Theory]
    [InlineData("\"script\":\"/srv/deploy.py\"")]
    [InlineData("\"parents\":[\"/usr/bin/bash\"]")]
    public void A_caller_without_script_or_ancestors_is_known_to_have_none(string field)
    {
        var caller = Kubectl with { Parents = [] };

        Assert.Equal("default_deny", Reason($$"""{"allow":[{ {{field}},"refs":["*"]}],"default_deny":true}""", caller, Reference));
        Assert.Equal("no rule names it", Reason($$"""{"deny":[{ {{field}},"refs":["*"]}]}""", caller, Reference));
    }

    [Theory]
    [InlineData("\"path\":\"/usr/bin/kubectl\"")]
    [InlineData("\"path_sha256\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"")]
    [InlineData("\"sha256\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"")]
    [InlineData("\"parents\":[\"/usr/bin/zsh\"]")]
    [InlineData("\"forbidden_parents\":[\"/usr/bin/zsh\"]")]
    [InlineData("\"require_signed\":true")]
    [InlineData("\"team_id\":\"TEAM123456\"")]
    public void What_cannot_be_established_allows_nothing_and_denies(string field)
    {
        var unknown = Kubectl with { Path = null, Parents = ["/usr/bin/bash", Caller.Unreadable] };

        Assert.Equal("default_deny", Reason($$"""{"allow":[{ {{field}},"refs":["*"]}],"default_deny":true}""", unknown, Reference));
        Assert.Equal("named for others", Reason($$"""{"allow":[{ {{field}},"refs":["*"]}]}""", unknown, Reference));
        Assert.Equal("deny rule 1", Reason($$"""{"deny":[{ {{field}},"refs":["*"]}]}""", unknown, Reference));
    }

    [Fact]
    public void An_unreadable_ancestor_does_not_hide_one_that_is_known()
    {
        var caller = Kubectl with { Parents = [Caller.Unreadable, "/usr/sbin/sshd"] };

        Assert.Equal("rule 1", Reason("""{"allow":[{"parents":["/usr/sbin/sshd"],"refs":["*"]}]}""", caller, Reference));
        Assert.Equal(
            "no rule names it", Reason("""{"deny":[{"forbidden_parents":["/usr/sbin/sshd"],"refs":["*"]}]}""", caller, Reference));
    }

    [Fact]
    public void An_unsigned_program_is_not_allowed_by_the_team_it_claims()
    {
        var forged = Caller with { Signature = () => new CodeSignature(false, "TEAM123456") };

        Assert.False(Of("""{"allow":[{"team_id":"TEAM123456","refs":["*"]}]}""").Decide(forged, Reference).Allowed);
    }

    [Fact]
    public void The_content_is_hashed_only_where_a_rule_asks_for_it_and_then_once()
    {
        var asked = 0;
        var caller = Kubectl with { ContentSha256 = () => (++asked).ToString("x64") };

        Of($$"""{"allow":[{"path":"/usr/bin/helm","sha256":"{{ContentHash}}","refs":["*"]},{"refs":["*"]}]}""")
            .Decide(caller, Reference);
        Assert.Equal(0, asked);

        var rule = $$"""{"sha256":"{{ContentHash}}","refs":["*"]}""";
        Of($$"""{"deny":[{{rule}},{{rule}}],"allow":[{{rule}},{{rule}}]}""").Decide(caller, Reference);
        Assert.Equal(1, asked);
    }
}
