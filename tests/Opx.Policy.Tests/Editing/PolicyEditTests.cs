using System.Text;
using Opx.Policy.Editing;

namespace Opx.Policy.Tests.Editing;

/// <summary>What an edit does not touch stays as it is, byte for byte.</summary>
public sealed class PolicyEditTests
{
    private const string File = """
        {
          "default_deny" : true,
        	"deny": [ {"refs":["op://Personal/*"],   "description":"ü \u00fc"} ],
          "allow":
          [
            { "uid": 1000, "refs": [
                "op://A/*"
              ], "path": "/a" },

            { "path": "/b", "refs": ["op://B/*"] }, {"refs":["op://C/*"],"path":"/c"}
          ]
        }

        """;

    private static readonly PolicyRule Rule = new() { Path = "/usr/bin/x", Refs = ["op://X/*", "op://Y/\"/*"], Description = "new \u202e" };

    private const string RuleJson =
        "{ \"path\": \"/usr/bin/x\", \"refs\": [\"op://X/*\", \"op://Y/\\u0022/*\"], \"description\": \"new \\u202E\" }";

    [Fact]
    public void A_rule_is_added_at_the_end_and_nothing_else_changes()
    {
        Assert.Equal(File.Replace("\"/c\"}\n", "\"/c\"}, " + RuleJson + "\n"), Add(File, RuleList.Allow));
        Assert.Equal(File.Replace("\\u00fc\"} ]", "\\u00fc\"}, " + RuleJson + " ]"), Add(File, RuleList.Deny));
    }

    [Fact]
    public void A_rule_stands_on_a_line_of_its_own_where_the_one_before_does()
    {
        const string Lines = "{\n  \"allow\": [\n      {\"refs\":[\"*\"]}\n  ]\n}";

        Assert.Equal(Lines.Replace("[\"*\"]}", "[\"*\"]},\n      " + RuleJson), Add(Lines, RuleList.Allow));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"allow\":[]}")]
    [InlineData("{ \"allow\": [\n ] , \"default_deny\":false }")]
    [InlineData("{\"deny\":[{\"refs\":[\"*\"]}]}\n")]
    [InlineData("{\"default_deny\":true\n}")]
    [InlineData("{\"allow\":[{\"refs\":[\"*\"]}]}")]
    public void A_rule_is_added_to_whatever_is_a_policy(string before)
    {
        foreach (var list in (RuleList[])[RuleList.Allow, RuleList.Deny])
        {
            var (old, after) = (Load(before.Length > 0 ? before : "{}"), Load(Add(before, list)));

            Assert.Equal(old.DefaultDeny, after.DefaultDeny);
            Assert.Equal(old.RuleCount + 1, after.RuleCount);
            var added = (list == RuleList.Allow ? after.Allow : after.Deny)[^1];
            Assert.Equal(("/usr/bin/x", "new \u202e"), (added.Path, added.Description));
            Assert.Equal(Rule.Refs, added.Refs);
        }
    }

    [Theory]
    [InlineData(1, "/b /c")]
    [InlineData(2, "/a /c")]
    [InlineData(3, "/a /b")]
    public void A_removed_rule_takes_nothing_else_with_it(int number, string left)
    {
        var after = Encoding.UTF8.GetString(PolicyEdit.Remove(Encoding.UTF8.GetBytes(File), RuleList.Allow, number));

        Assert.Equal(left, string.Join(' ', Load(after).Allow.Select(rule => rule.Path)));
        Assert.StartsWith(File[..File.IndexOf("\"allow\"", StringComparison.Ordinal)], after);
        Assert.Contains("\"uid\": 1000, \"refs\": [\n        \"op://A/*\"\n      ], \"path\": \"/a\"", number == 1 ? File : after);
    }

    [Fact]
    public void The_last_rule_of_a_list_leaves_the_empty_list()
    {
        var after = PolicyEdit.Remove(Encoding.UTF8.GetBytes(File), RuleList.Deny, 1);

        Assert.Contains("\"deny\": [],\n", Encoding.UTF8.GetString(after));
        Assert.Equal(3, Load(Encoding.UTF8.GetString(after)).RuleCount);
    }

    [Fact]
    public void An_added_rule_that_is_removed_again_leaves_the_file_as_it_was()
    {
        var before = Encoding.UTF8.GetBytes(File);

        Assert.Equal(before, PolicyEdit.Remove(PolicyEdit.Add(before, RuleList.Allow, Rule), RuleList.Allow, 4));
        Assert.Equal(before, PolicyEdit.Remove(PolicyEdit.Add(before, RuleList.Deny, Rule), RuleList.Deny, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_rule_that_does_not_exist_cannot_be_removed(int number) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PolicyEdit.Remove(Encoding.UTF8.GetBytes(File), RuleList.Allow, number));

    [Fact]
    public void Every_field_that_is_written_is_read_back()
    {
        var moment = new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero);
        var hash = new string('a', 64);
        var rule = new PolicyRule
        {
            Refs = ["op://Büro/*"],
            Path = "/a b",
            Script = "/s",
            Sha256 = hash,
            PathSha256 = hash,
            ProcessId = 1,
            UserId = 2,
            GroupId = 3,
            Parents = ["/p", "/q"],
            ForbiddenParents = ["/f"],
            RequireSigned = true,
            TeamId = "T",
            Description = "d",
            CreatedAt = moment,
            CreatedBy = "c",
            ExpiresAt = moment,
        };

        var read = Load(Encoding.UTF8.GetString(PolicyEdit.Add([], RuleList.Deny, rule))).Deny[0];

        Assert.Equal(RuleText.Of(rule), RuleText.Of(read));
        Assert.Equal(
            rule with { Refs = [], Parents = [], ForbiddenParents = [] },
            read with { Refs = [], Parents = [], ForbiddenParents = [], Line = 0 });
    }

    private static string Add(string content, RuleList list) =>
        Encoding.UTF8.GetString(PolicyEdit.Add(Encoding.UTF8.GetBytes(content), list, Rule));

    private static PolicyDocument Load(string content)
    {
        var load = Policies.Load(content);
        Assert.True(load.Fault is null, $"{load.Fault}\n{content}");
        return load.Document!;
    }
}
