using System.CommandLine;
using Opx.Cli.Commands;
using Opx.Cli.Output;

namespace Opx.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("read", "read", "op://a/b/c")]
    [InlineData("read", "read", "-n", "op://a/b/c")]
    [InlineData("read", "read", "op://a/b/c", "op://a/b/d", "--json", "--fresh")]
    [InlineData("read", "read", "op://a/b/c", "-o", "f", "--file-mode", "0640")]
    [InlineData("read", "read", "op://a/b/c", "--output=f")]
    [InlineData("resolve", "resolve", "A=op://a/b/c", "--format", "export")]
    [InlineData("resolve", "resolve", "--env-file", "a.env", "--env-file", "b.env")]
    [InlineData("run", "run", "--env", "A=op://a/b/c", "--env-file", "f", "--no-env-refs", "--", "ls")]
    [InlineData("inject", "inject", "-i", "a", "-o", "b", "--file-mode", "600")]
    [InlineData("inject", "inject")]
    [InlineData("status", "status", "--json")]
    [InlineData("invalidate", "invalidate", "op://a/b/c")]
    [InlineData("invalidate", "invalidate", "--all")]
    [InlineData("lock", "lock")]
    [InlineData("unlock", "unlock")]
    [InlineData("start", "daemon", "start")]
    [InlineData("stop", "daemon", "stop")]
    [InlineData("restart", "daemon", "restart")]
    [InlineData("1password", "login", "1password")]
    [InlineData("list", "policy", "list", "--json")]
    [InlineData("add", "policy", "add", "--path", "/a", "--ref", "op://a/*", "--ref", "op://b/*", "--deny", "--yes")]
    [InlineData("remove", "policy", "remove", "1", "2", "-y")]
    [InlineData("test", "policy", "test", "/a", "op://a/b/c", "--script", "s", "--parent", "/b")]
    [InlineData("check", "policy", "check")]
    [InlineData("bash", "completion", "bash")]
    [InlineData("zsh", "completion", "zsh")]
    [InlineData("fish", "completion", "fish")]
    public void Every_command_of_the_tree_is_understood(string command, params string[] words)
    {
        var (parse, _) = CommandLine.Parse(new OpxCommand(), words);

        Assert.Null(CommandLine.Fault(parse, words));
        Assert.Equal(command, parse.CommandResult.Command.Name);
        Assert.IsAssignableFrom<IOpxCommand>(parse.CommandResult.Command);
    }

    [Theory]
    [InlineData("unknown option '--bogus'", "read", "--bogus", "op://a/b/c")]
    [InlineData("unknown option '-x'", "read", "-x")]
    [InlineData("unknown option '--bogus'", "--bogus")]
    [InlineData("unknown option '--env'", "resolve", "--env", "A=b")]
    [InlineData("unknown command 'bogus'", "bogus")]
    [InlineData("unknown command 'status'", "daemon", "status")]
    [InlineData("unexpected argument 'ls'", "run", "ls")]
    [InlineData("unexpected argument 'now'", "lock", "now")]
    [InlineData("say which command", "daemon")]
    [InlineData("say which command", "--account", "x")]
    [InlineData("read wants REF…", "read")]
    [InlineData("--output wants FILE", "read", "x", "-o")]
    [InlineData("--output may be given once", "read", "x", "-o", "a", "-o", "b")]
    [InlineData("--account wants ID", "read", "x", "--account")]
    [InlineData("--account= wants a value", "read", "--account=", "x")]
    [InlineData("--fresh is on or off: write --fresh, --fresh=true or --fresh=false", "read", "--fresh=maybe", "x")]
    [InlineData("-q is on or off: write -q, -q=true or -q=false", "read", "x", "-q=0")]
    [InlineData("--env= wants a value", "run", "--env=", "A=b", "--", "ls")]
    public void A_wrong_command_line_is_one_sentence(string fault, params string[] words)
    {
        var (parse, _) = CommandLine.Parse(new OpxCommand(), words);

        Assert.Equal(fault, CommandLine.Fault(parse, words));
    }

    [Theory]
    [InlineData("read op://a", "read", "--fresh=false", "op://a")]
    [InlineData("read --fresh op://a", "read", "--fresh=true", "op://a")]
    [InlineData("read -n x", "read", "-n=true", "x", "--json=false")]
    [InlineData("read x", "--quiet=false", "read", "x", "-q=false")]
    [InlineData("read --fresh=maybe x", "read", "--fresh=maybe", "x")]
    [InlineData("read -o=false x", "read", "-o=false", "x")]
    [InlineData("inject -i=true", "inject", "-i=true")]
    [InlineData("audit -i", "audit", "-i=true")]
    [InlineData("read -- --fresh=false", "read", "--", "--fresh=false")]
    [InlineData("run -- ls --all=false", "run", "--no-env-refs=false", "--", "ls", "--all=false")]
    [InlineData("daemon start", "daemon", "start", "--quiet=false")]
    public void A_switch_may_be_written_out(string settled, params string[] words) =>
        Assert.Equal(settled.Split(' '), Switches.Settle(new OpxCommand(), words));

    [Theory]
    [InlineData("--account", "x", "read", "op://a/b/c")]
    [InlineData("--account=x", "read", "op://a/b/c")]
    [InlineData("read", "--account", "x", "op://a/b/c")]
    [InlineData("read", "op://a/b/c", "--account=x")]
    [InlineData("run", "--account=x", "--", "ls")]
    [InlineData("--account=x", "daemon", "start")]
    [InlineData("login", "1password", "--account", "x")]
    public void Account_stands_before_or_after_the_command(params string[] words)
    {
        var root = new OpxCommand();
        var (parse, _) = CommandLine.Parse(root, words);

        Assert.Null(CommandLine.Fault(parse, words));
        Assert.Equal("x", parse.GetValue(root.Account));
    }

    [Theory]
    [InlineData("--account=theirs")]
    [InlineData("--account", "theirs")]
    [InlineData("@file")]
    [InlineData("[suggest]")]
    [InlineData("--", "--env", "x")]
    [InlineData("--help")]
    [InlineData("--bogus=")]
    [InlineData("")]
    public void Words_after_the_dashes_of_run_are_never_looked_at(params string[] childs)
    {
        var root = new OpxCommand();
        string[] words = ["run", "--account=ours", "--", .. childs];
        var (parse, childWords) = CommandLine.Parse(root, words);

        Assert.Null(CommandLine.Fault(parse, words));
        Assert.Equal("ours", parse.GetValue(root.Account));
        Assert.Equal(childs.Length, childWords);
        Assert.Equal(["run", "--account", "ours"], parse.Tokens.Select(token => token.Value));
        Assert.False(parse.GetResult(root.Help) is { Implicit: false });
    }

    [Fact]
    public void Words_after_the_dashes_of_read_are_references_whatever_they_look_like()
    {
        var root = new OpxCommand();
        string[] words = ["read", "--", "--account=x", "-n", "@file", "[diagram]"];
        var (parse, childWords) = CommandLine.Parse(root, words);

        Assert.Null(CommandLine.Fault(parse, words));
        Assert.Null(childWords);
        Assert.Null(parse.GetValue(root.Account));
        Assert.Equal(words[2..], parse.CommandResult.Tokens.Select(token => token.Value));
    }

    [Fact]
    public void A_word_that_begins_with_an_at_sign_reads_no_file()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "--json");
        var root = new OpxCommand();
        string[] words = ["read", "@" + file];
        var (parse, _) = CommandLine.Parse(root, words);
        File.Delete(file);

        Assert.Equal(["@" + file], parse.CommandResult.Tokens.Select(token => token.Value));
    }

    [Fact]
    public void Short_options_can_be_bundled()
    {
        var (parse, _) = CommandLine.Parse(new OpxCommand(), ["read", "-no", "file", "op://a/b/c"]);

        Assert.Equal(["op://a/b/c"], parse.CommandResult.Tokens.Select(token => token.Value));
        Assert.True(parse.GetValue<bool>("--no-newline"));
        Assert.Equal("file", parse.GetValue<string>("--output"));
    }

    [Fact]
    public void The_child_of_a_run_without_dashes_is_missing()
    {
        var (parse, childWords) = CommandLine.Parse(new OpxCommand(), ["run"]);

        Assert.IsType<RunCommand>(parse.CommandResult.Command);
        Assert.Null(childWords);
    }

    [Fact]
    public void Help_fits_a_small_terminal()
    {
        foreach (var command in All(new OpxCommand()))
        {
            var lines = HelpText.Of(command).Split('\n');
            Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
            Assert.InRange(lines.Length, 3, 40);
            Assert.StartsWith("Usage: " + HelpText.Path(command), lines[0]);
        }
    }

    private static IEnumerable<Command> All(Command root) => root.Subcommands.SelectMany(All).Prepend(root);
}
