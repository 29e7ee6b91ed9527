using System.Diagnostics;
using System.Text.Json;

namespace Opx.Cli.Tests.Policies;

/// <summary>The commands as a shell sees them: a process of their own, no terminal, a home of its own.</summary>
public sealed class PolicyCommandTests : IDisposable
{
    private const string Tool = "/opt/tools/kubectl";

    private readonly string _home = Directory.CreateTempSubdirectory("ox-pol-").FullName;

    private string Policy => Path.Combine(_home, ".config", "op-authd", "policy.json");

    [Fact]
    public void Without_a_file_everything_is_allowed_and_nothing_is_wrong()
    {
        Assert.Equal((0, "allowed: there is no policy\n"), Opx("test", Tool, "op://a/b/c"));
        Assert.Equal(0, Opx("check").Exit);
        Assert.Contains("does not exist", Opx("list").Output);
    }

    [Fact]
    public void A_change_is_shown_and_without_a_terminal_only_yes_writes_it()
    {
        var (exit, shown) = Opx("add", "--path", Tool, "--ref", "op://Prod/*");

        Assert.Equal(1, exit);
        Assert.Contains("+    { \"path\": \"/opt/tools/kubectl\", \"refs\": [\"op://Prod/*\"],", shown);
        Assert.False(File.Exists(Policy));

        Assert.Equal(0, Opx("add", "--path", Tool, "--ref", "op://Prod/*", "--yes").Exit);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Policy));
        Assert.Equal([Policy], Directory.GetFiles(Path.GetDirectoryName(Policy)!));
    }

    [Fact]
    public void Programs_get_one_object_and_with_quiet_nothing_but_the_exit_code()
    {
        var (added, change) = Opx("add", "--path", Tool, "--ref", "op://Prod/*", "--yes", "--json");
        Assert.Equal(0, added);
        using (var json = JsonDocument.Parse(change))
        {
            Assert.Equal(Policy, json.RootElement.GetProperty("policy").GetString());
            Assert.Contains("+    { \"path\": \"/opt/tools/kubectl\"", json.RootElement.GetProperty("change").GetString());
        }

        using (var json = JsonDocument.Parse(Opx("test", "/opt/other", "op://Prod/k8s/token", "--json").Output))
        {
            Assert.False(json.RootElement.GetProperty("allowed").GetBoolean());
            Assert.StartsWith("named for others", json.RootElement.GetProperty("reason").GetString());
        }

        Assert.Equal((3, ""), Opx("test", "-q", "/opt/other", "op://Prod/k8s/token"));
        Assert.Equal((0, ""), Opx("test", Tool, "op://Prod/k8s/token", "--quiet"));
        Assert.Equal((0, ""), Opx("add", "--deny", "--ref", "op://Dev/*", "-y", "-q"));
        Assert.Equal((1, ""), Opx("remove", "1", "--json"));
        Assert.Equal((0, ""), Opx("remove", "1", "-y", "-q"));
        Assert.Equal(0, Opx("test", "/opt/other", "op://Prod/k8s/token").Exit);
    }

    [Fact]
    public async Task Changes_that_come_at_once_are_all_in_the_file()
    {
        var exits = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => Opx("add", "--deny", "--ref", $"op://v{i}/*", "-y").Exit)));
        Assert.All(exits, exit => Assert.Equal(0, exit));
        for (var i = 0; i < 8; i++)
            Assert.Equal(3, Opx("test", Tool, $"op://v{i}/item/field").Exit);
    }

    [Fact]
    public void What_was_added_decides_and_the_deciding_rule_is_named()
    {
        Opx("add", "--path", Tool, "--ref", "op://Prod/k8s/*", "--ref", "op://Dev/*", "--description", "ü", "-y");
        Opx("add", "--deny", "--ref", "op://Dev/root/*", "--expires", "7d", "-y");

        Assert.Equal((0, $"allowed: rule 1 ({Policy}:3)\n"), Opx("test", Tool, "op://prod/k8s/token"));
        Assert.Equal((3, $"denied: deny rule 1 ({Policy}:6)\n"), Opx("test", Tool, "op://Dev/ROOT/password"));
        Assert.Equal((3, $"denied: named for others (rule 1, {Policy}:3)\n"), Opx("test", "/opt/other", "op://Prod/k8s/token"));
        Assert.Equal((0, "allowed: no rule names it\n"), Opx("test", "/opt/other", "op://Other/x/y"));
        Assert.Contains("op://Prod/k8s/*", Opx("list").Output);
        Assert.Contains("\"number\":1,\"line\":3,", Opx("list", "--json").Output);
    }

    [Fact]
    public void Script_and_parents_of_the_tested_caller_are_those_that_are_given()
    {
        Put("""
            {"allow":[{"path":"/opt/python","script":"/srv/a.py","forbidden_parents":["/opt/sshd"],"refs":["*"]}],"default_deny":true}
            """);

        Assert.Equal(0, Opx("test", "/opt/python", "op://a/b/c", "--script", "/srv/a.py").Exit);
        Assert.Equal(0, Opx("test", "/opt/python", "op://a/b/c", "--script", "/srv/a.py", "--parent", "/opt/bash").Exit);
        Assert.Equal(3, Opx("test", "/opt/python", "op://a/b/c", "--script", "/srv/b.py").Exit);
        Assert.Equal(3, Opx("test", "/opt/python", "op://a/b/c").Exit);
        string[] below = ["--parent", "/opt/bash", "--parent", "/opt/sshd"];
        Assert.Equal(3, Opx(["test", "/opt/python", "op://a/b/c", "--script", "/srv/a.py", .. below]).Exit);
    }

    [Fact]
    public void The_content_of_the_tested_program_is_hashed_where_a_rule_asks()
    {
        var program = Path.Combine(_home, "program");
        File.WriteAllText(program, "abc");
        Put("""
            {"allow":[{"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","refs":["*"]}],"default_deny":true}
            """);

        Assert.Equal(0, Opx("test", program, "op://a/b/c").Exit);
        File.AppendAllText(program, "d");
        Assert.Equal(3, Opx("test", program, "op://a/b/c").Exit);
    }

    [Fact]
    public void A_link_is_added_and_tested_as_what_it_leads_to()
    {
        var (program, link) = (Path.Combine(_home, "python3.12"), Path.Combine(_home, "python"));
        File.WriteAllText(program, "");
        File.CreateSymbolicLink(link, program);

        Assert.Contains($"\"path\": \"{program}\"", Opx("add", "--path", link, "--ref", "*", "-y").Output);
        Assert.Equal(0, Opx("test", link, "op://a/b/c").Exit);

        Put($$"""{"allow":[{"path":"{{link}}","refs":["*"]}]}""");
        Assert.Contains($"{Policy}:1: rule 1 never matches", Opx("check").Output);
        Assert.Equal(3, Opx("test", link, "op://a/b/c").Exit);
    }

    [Fact]
    public void An_invalid_file_is_named_with_line_and_reason_and_denies_and_is_not_edited()
    {
        Put("{\n\"allow\": [\n{\"ref\":[\"*\"]}]}");

        Assert.Equal((1, $"{Policy}:3: 'ref' is not a field of a rule\n"), Opx("check"));
        Assert.Equal((3, $"denied: the policy is invalid: {Policy}:3: 'ref' is not a field of a rule\n"), Opx("test", Tool, "op://a/b/c"));
        Assert.Equal(3, Opx("list").Exit);
        Assert.Equal(1, Opx("add", "--path", Tool, "--ref", "*", "-y").Exit);
        Assert.Equal(1, Opx("remove", "1", "-y").Exit);
        Assert.StartsWith("{\n\"allow\": [\n{\"ref\"", File.ReadAllText(Policy));
    }

    [Fact]
    public void A_file_that_others_can_write_is_invalid_here_too()
    {
        Put("{}");
        File.SetUnixFileMode(Policy, (UnixFileMode)0b110_110_000);

        Assert.Contains("can be written by others", Opx("check").Output);
        Assert.Equal(3, Opx("test", Tool, "op://a/b/c").Exit);
    }

    [Fact]
    public void An_expired_rule_is_a_finding()
    {
        Put("""{"deny":[{"refs":["op://a/*"],"expires_at":"2020-01-01T00:00:00Z"}]}""");

        Assert.Contains($"{Policy}:1: deny rule 1 has expired", Opx("check").Output);
    }

    [Fact]
    public void Rules_are_removed_by_number_and_the_rest_stays_as_it_is()
    {
        const string Rules =
            "{ \"default_deny\":true,\n\"allow\": [ {\"refs\":[\"op://1/*\"]},\n {\"refs\":[\"op://2/*\"]},{\"refs\":[\"op://3/*\"]} ] }\n";
        Put(Rules);

        Assert.Equal(1, Opx("remove", "2").Exit);
        Assert.Equal(Rules, File.ReadAllText(Policy));
        Assert.Equal(1, Opx("remove", "4", "-y").Exit);
        Assert.Equal(1, Opx("remove", "--deny", "1", "-y").Exit);
        Assert.Equal(0, Opx("remove", "1", "3", "--yes").Exit);
        Assert.Equal("{ \"default_deny\":true,\n\"allow\": [ {\"refs\":[\"op://2/*\"]} ] }\n", File.ReadAllText(Policy));
    }

    [Theory]
    [InlineData("remove", "x")]
    [InlineData("remove", "0")]
    [InlineData("add", "--path", "/a")]
    [InlineData("add", "--path", "/a", "--ref", "op://a/../b", "-y")]
    [InlineData("add", "--path", "/a", "--ref", "*", "--sha256", "x", "-y")]
    [InlineData("add", "--path", "/a", "--ref", "*", "--expires", "soon", "-y")]
    [InlineData("add", "--path", "/a", "--ref", "*", "--expires", "2020-01-01T00:00:00Z", "-y")]
    [InlineData("test", "/a")]
    [InlineData("test", "/a", "op://")]
    [InlineData("bogus")]
    public void What_cannot_be_meant_is_a_usage_error_and_changes_nothing(params string[] words)
    {
        Assert.Equal(2, Opx(words).Exit);
        Assert.False(File.Exists(Policy));
    }

    [Fact]
    public void Another_file_can_be_named()
    {
        var other = Path.Combine(_home, "ci.json");
        File.WriteAllText(other, """{"default_deny":true}""");

        Assert.Equal((3, "denied: default_deny\n"), Opx("test", Tool, "op://a/b/c", "--policy", other));
        Assert.Equal(0, Opx("add", "--path", Tool, "--ref", "*", "-y", "--policy", other).Exit);
        Assert.Equal(0, Opx("test", Tool, "op://a/b/c", "--policy", other).Exit);
        Assert.False(File.Exists(Policy));
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private void Put(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Policy)!, (UnixFileMode)0b111_000_000);
        File.WriteAllText(Policy, content);
        File.SetUnixFileMode(Policy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private (int Exit, string Output) Opx(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(OpxCommand).Assembly.Location, "policy", .. words])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in (string[])["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "OPX_SOCKET_PATH"])
            start.Environment.Remove(name);
        start.Environment["HOME"] = _home;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.DoesNotContain("internal error", errors.Result);
        return (process.ExitCode, output);
    }
}
