using System.Text;
using static Opx.Policy.Tests.Policies;

namespace Opx.Policy.Tests;

/// <summary>A file that is not understood to the last word is no policy: file, line and reason, and never "using defaults".</summary>
public sealed class LoadingTests
{
    private const string Hash = "0123456789abcdefABCDEF0123456789abcdef0123456789abcdef0123456789";

    public static TheoryData<string, int, string> Faults => new()
    {
        { "", 1, "not valid JSON" },
        { "\n\n  ", 3, "not valid JSON" },
        { "null", 1, "must be a JSON object" },
        { "\n[]", 2, "must be a JSON object" },
        { "{\n", 2, "not valid JSON" },
        { "{}\n{}", 2, "not valid JSON" },
        { "{}\n\nx", 3, "not valid JSON" },
        { "{\n  // all\n}", 2, "not valid JSON" },
        { "{\n  \"default_deny\": true,\n}", 3, "not valid JSON" },
        { "{\n\n\"defaultDeny\": true}", 3, "'defaultDeny' is not known" },
        { "{\"Allow\": []}", 1, "'Allow' is not known" },
        { "{\"default_deny\": 1}", 1, "'default_deny' must be true or false" },
        { "{\"default_deny\": \"true\"}", 1, "'default_deny' must be true or false" },
        { "{\"default_deny\": null}", 1, "'default_deny' must be true or false" },
        { "{\"default_deny\": true,\n\"default_deny\": true}", 2, "'default_deny' appears twice" },
        { "{\"allow\": [],\n\n\"\\u0061llow\": []}", 3, "'allow' appears twice" },
        { "{\"allow\": {}}", 1, "'allow' must be an array" },
        { "{\"deny\": null}", 1, "'deny' must be an array" },
        { "{\"allow\": [\n\"op://a/b/c\"]}", 2, "a rule must be an object" },
        { "{\"allow\": [\n\n[]]}", 3, "a rule must be an object" },
        { "{\"allow\": [{\"a\":[[[[[[[[[[]]]]]]]]]]}]}", 1, "'a' is not a field" },
        { "{\"allow\":\n [[[[[[[[[[[[[]]]]]]]]]]]]]}", 2, "a rule must be an object" },
        { "{\"allow\":[{\"refs\":\n[[[[[[[[[[[[]]]]]]]]]]]]}]}", 2, "must be a string" },
    };

    /// <summary>Of one rule, whose fields begin on line 3.</summary>
    public static TheoryData<string, int, string> RuleFaults => new()
    {
        { "", 2, "a rule needs 'refs'" },
        { "\"path\":\"/a\"", 2, "a rule needs 'refs'" },
        { "\"refs\":[]", 3, "'refs' is empty" },
        { "\"refs\":\n\n\"*\"", 5, "'refs' must be an array" },
        { "\"refs\":null", 3, "'refs' must be an array" },
        { "\"refs\":[\"*\",\n7]", 4, "'refs' must be a string" },
        { "\"refs\":[\"*\",\n\"\"]", 4, "the reference is empty" },
        { "\"refs\":[\"op://\"]", 3, "names nothing" },
        { "\"refs\":[\"opp://a/*\"]", 3, "unknown scheme" },
        { "\"refs\":[\"op:*\"]", 3, "names no scheme" },
        { "\"refs\":[\"*/k8s\"]", 3, "names no scheme" },
        { "\"refs\":[\"op://a/../b\"]", 3, "'..'" },
        { "\"refs\":[\"vault://a/%2e%2e/b\"]", 3, "'..'" },
        { "\"refs\":[\"op://a/\\u0007\"]", 3, "control character" },
        { "\"refs\":[\"op://a/\\ud800\"]", 3, "surrogate" },
        { "\"refs\":[\"*\"],\n\"\\ud800\":1", 4, "surrogate" },
        { "\"refs\":[\"*\"],\n\"refs\":[\"*\"]", 4, "'refs' appears twice" },
        { "\"refs\":[\"*\"],\n\"Path\":\"/a\"", 4, "'Path' is not a field" },
        { "\"refs\":[\"*\"],\n\"users\":[\"me\"]", 4, "'users' is not a field" },
        { "\"refs\":[\"*\"],\n\"\":1", 4, "'' is not a field" },
        { "\"refs\":[\"*\"],\"path\":7", 3, "'path' must be a string" },
        { "\"refs\":[\"*\"],\"path\":null", 3, "'path' must be a string" },
        { "\"refs\":[\"*\"],\"path\":\"kubectl\"", 3, "'path' must be an absolute path" },
        { "\"refs\":[\"*\"],\"path\":\"\"", 3, "'path' must be an absolute path" },
        { "\"refs\":[\"*\"],\"path\":\"/usr//bin/x\"", 3, "'path' must be a plain path" },
        { "\"refs\":[\"*\"],\"path\":\"/usr/../x\"", 3, "'path' must be a plain path" },
        { "\"refs\":[\"*\"],\"path\":\"/usr/bin/\"", 3, "'path' must be a plain path" },
        { "\"refs\":[\"*\"],\"script\":\"a.py\"", 3, "'script' must be an absolute path" },
        { "\"refs\":[\"*\"],\"sha256\":\"abc\"", 3, "'sha256' must be a SHA-256" },
        { $"\"refs\":[\"*\"],\"path_sha256\":\"{Hash[1..]}g\"", 3, "'path_sha256' must be a SHA-256" },
        { "\"refs\":[\"*\"],\"pid\":0", 3, "'pid' must be a whole number" },
        { "\"refs\":[\"*\"],\"pid\":1.5", 3, "'pid' must be a whole number" },
        { "\"refs\":[\"*\"],\"pid\":2147483648", 3, "'pid' must be a whole number" },
        { "\"refs\":[\"*\"],\"uid\":-1", 3, "'uid' must be a whole number" },
        { "\"refs\":[\"*\"],\"gid\":\"0\"", 3, "'gid' must be a whole number" },
        { "\"refs\":[\"*\"],\"uid\":4294967296", 3, "'uid' must be a whole number" },
        { "\"refs\":[\"*\"],\"parents\":\"/bin/sh\"", 3, "'parents' must be an array" },
        { "\"refs\":[\"*\"],\"parents\":[]", 3, "'parents' is empty" },
        { "\"refs\":[\"*\"],\"forbidden_parents\":[\"sshd\"]", 3, "'forbidden_parents' must be an absolute path" },
        { "\"refs\":[\"*\"],\"require_signed\":\"yes\"", 3, "'require_signed' must be true or false" },
        { "\"refs\":[\"*\"],\"team_id\":\"\"", 3, "'team_id' is empty" },
        { "\"refs\":[\"*\"],\"description\":[\"x\"]", 3, "'description' must be a string" },
        { "\"refs\":[\"*\"],\"created_at\":\"yesterday\"", 3, "'created_at' must be a date and time" },
        { "\"refs\":[\"*\"],\"created_by\":1", 3, "'created_by' must be a string" },
        { "\"refs\":[\"*\"],\"expires_at\":\"2026-12-31\"", 3, "'expires_at' must be a date and time" },
        { "\"refs\":[\"*\"],\"expires_at\":\"2026-12-31T00:00:00\"", 3, "'expires_at' must be a date and time" },
        { "\"refs\":[\"*\"],\"expires_at\":\"2026-02-30T00:00:00Z\"", 3, "'expires_at' must be a date and time" },
        { "\"refs\":[\"*\"],\"expires_at\":\"2026-12-31T00:00:00.Z\"", 3, "'expires_at' must be a date and time" },
        { "\"refs\":[\"*\"],\"expires_at\":\"2026-12-31T00:00:00.1234567x9Z\"", 3, "'expires_at' must be a date and time" },
        { "\"refs\":[\"*\"],\"expires_at\":1798675200", 3, "'expires_at' must be a string" },
        { "\"refs\":[\"*\"],\"expires_at\":\"0001-01-01T00:00:00Z\"", 3, "'expires_at' is in the year 1" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_file_that_is_not_understood_names_line_and_reason(string json, int line, string reason) =>
        AssertFault(json, line, reason);

    [Theory]
    [MemberData(nameof(RuleFaults))]
    public void A_rule_that_is_not_understood_names_line_and_reason(string fields, int line, string reason)
    {
        AssertFault($"{{\"allow\": [\n{{\n{fields} }}]}}", line, reason);
        AssertFault($"{{\"deny\": [\n{{\n{fields} }}]}}", line, reason);
        AssertFault($"{{\"allow\":[{{\"refs\":[\"*\"]}}],\"deny\": [{{\"refs\":[\"*\"]}},\n{{\n{fields} }}]}}", line, reason);
    }

    [Fact]
    public void Bytes_that_are_not_utf_8_are_a_fault_wherever_they_stand()
    {
        AssertFault([.. "{\n\n\"allow\": [{\"refs\":[\"op://"u8, 0xc3, .. "\"]}]}"u8], 3, "is not UTF-8");
        AssertFault([.. "{\"allow\": [{\"refs\":[\"*\"],\n\"description\":\""u8, 0xff, .. "\"}]}"u8], 2, "is not UTF-8");
        AssertFault([.. "\ufeff{}"u8], 1, "byte order mark");
        AssertFault([0xff, 0xfe, (byte)'{', 0, (byte)'}', 0], 1, "is not UTF-8");
        AssertFault([.. "{}\0"u8], 1, "not valid JSON");
    }

    [Fact]
    public void A_fault_is_one_line_that_nothing_can_hide_in()
    {
        var load = PolicyFile.Load("{\"\\u202e\\u001b[2J\\n\":1}"u8, "/tmp/\u202epolicy\n.json");

        Assert.DoesNotContain(load.Fault!.ToString(), character => char.IsControl(character) || character == '\u202e');
        Assert.StartsWith("/tmp/\\u{202e}policy\\u{a}.json:1: ", load.Fault.ToString());
    }

    [Fact]
    public void Every_field_of_the_table_is_read()
    {
        var load = Load($$"""
            {
              "deny": [ { "refs": ["op://Personal/*"] } ],
              "allow": [
                { "path": "/usr/bin/kubectl", "script": "/a", "sha256": "{{Hash}}", "path_sha256": "{{Hash}}", "pid": 1, "uid": 4294967295,
                  "gid": 0, "parents": ["/b", "/c"], "forbidden_parents": ["/d"], "require_signed": true, "team_id": "T", "refs": ["*"],
                  "description": "", "created_at": "2020-01-01T00:00:00.123456789+01:00", "created_by": "me",
                  "expires_at": "2030-01-01T00:00:00Z" },
                { "refs": ["op://a/b/c"] }
              ],
              "default_deny": true
            }
            """);

        var document = load.Document!;
        Assert.Equal((true, 3), (document.DefaultDeny, document.RuleCount));
        Assert.Equal([4, 8], document.Allow.Select(rule => rule.Line));
        var rule = document.Allow[0];
        Assert.Equal(("/usr/bin/kubectl", "/a", 1, uint.MaxValue, 0u), (rule.Path, rule.Script, rule.ProcessId, rule.UserId, rule.GroupId));
        Assert.Equal((Hash.ToLowerInvariant(), Hash.ToLowerInvariant()), (rule.Sha256, rule.PathSha256));
        Assert.Equal((true, "T", "", "me"), (rule.RequireSigned, rule.TeamId, rule.Description, rule.CreatedBy));
        Assert.Equal(["/b", "/c"], rule.Parents);
        Assert.Equal(["/d"], rule.ForbiddenParents);
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), rule.ExpiresAt);
        Assert.Equal(new DateTimeOffset(2019, 12, 31, 23, 0, 0, TimeSpan.Zero).AddTicks(1_234_567), rule.CreatedAt);
    }

    [Fact]
    public void What_a_file_asks_for_and_cannot_have_is_a_warning_with_its_line()
    {
        var load = Load("""
            {"allow":[
            {"require_signed":true,"refs":["op://a/*"]},
            {"team_id":"T","refs":["op://a/*"]},
            {"refs":["op://a/hfnjvi6aymbsnfc2xeeoheizda/f"]},
            {"script":"/srv/a.py","refs":["op://a/*"]}],
            "deny":[
            {"refs":["op://hfnjvi6aymbsnfc2xeeoheizda/*"]}]}
            """);

        Assert.Null(load.Fault);
        var signatures = OperatingSystem.IsMacOS() ? [] : new[] { 2, 3 };
        Assert.Equal([.. signatures, 4, 5, 7], load.Warnings.Select(warning => warning.Line));
        Assert.Empty(Load("""
            {"allow":[{"require_signed":false,"refs":["op://a/hfnjvi6aymbsnfc2xeeoheizda/f"]}],"default_deny":true}
            """).Warnings);
    }

    private static void AssertFault(string json, int line, string reason) => AssertFault(Encoding.UTF8.GetBytes(json), line, reason);

    private static void AssertFault(byte[] content, int line, string reason)
    {
        var load = PolicyFile.Load(content, "policy.json");

        Assert.Null(load.Document);
        Assert.Contains(reason, load.Fault!.Reason);
        Assert.Equal(line, load.Fault.Line);
        Assert.Equal("policy.json", load.Fault.File);
    }
}
