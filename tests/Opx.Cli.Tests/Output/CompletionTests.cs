using System.Diagnostics;
using Opx.Cli.Output;

namespace Opx.Cli.Tests.Output;

public sealed class CompletionTests
{
    private static readonly IReadOnlyList<CompletionWords> Tree = CompletionWords.Of(new OpxCommand());

    [Fact]
    public void The_bash_script_is_clean_and_starts_nothing()
    {
        var (exitCode, _, errors) = Bash("bash -n /dev/stdin <<< \"$SCRIPT\"");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.DoesNotContain("opx ", BashCompletion.Script(Tree).Split('\n').Where(line =>
            !line.StartsWith('#')).Aggregate("", (all, line) => all + line.Replace("_opx opx", "")));
    }

    [Theory]
    [InlineData("opx re", "read resolve")]
    [InlineData("opx daemon ", "start stop restart --account --quiet -q --help -h")]
    [InlineData("opx daemon st", "start stop")]
    [InlineData("opx --account x comp", "completion")]
    [InlineData("opx read --f", "--fresh --file-mode")]
    [InlineData("opx resolve --format ", "env export json null")]
    [InlineData("opx completion ", "bash zsh fish --account --quiet -q --help -h")]
    [InlineData("opx read --account ", "")]
    [InlineData("opx login vault --method ", "token userpass approle kubernetes jwt cert oidc")]
    [InlineData("opx login bao --method=k", "--method=kubernetes")]
    [InlineData("opx resolve --format=e", "--format=env --format=export")]
    [InlineData("opx run -- re", "")]
    public void Bash_completes(string line, string expected)
    {
        var (_, answer, errors) = Bash(
            """
            eval "$SCRIPT"; read -ra COMP_WORDS <<< "$LINE"; [[ "$LINE" == *' ' ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _opx; echo "${COMPREPLY[*]}"
            """,
            line);

        Assert.Equal("", errors);
        Assert.Equal(expected.Split(' ').Order(), answer.Trim().Split(' ').Order());
    }

    [Theory]
    [InlineData("opx login vault --method =", "token userpass approle kubernetes jwt cert oidc")]
    [InlineData("opx login vault --method = t", "token")]
    [InlineData("opx resolve --format = e", "env export")]
    [InlineData("opx resolve --format = env ", "--format --env-file --account --quiet")]
    public void Bash_completes_behind_an_equals_sign_which_readline_takes_for_a_word(string line, string expected)
    {
        var (_, answer, errors) = Bash(
            """
            eval "$SCRIPT"; read -ra COMP_WORDS <<< "$LINE"; [[ "$LINE" == *' ' ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _opx; echo "${COMPREPLY[*]}"
            """,
            line);

        Assert.Equal("", errors);
        Assert.Superset(new HashSet<string>(expected.Split(' ')), new HashSet<string>(answer.Trim().Split(' ')));
        Assert.Equal(line.EndsWith(' '), answer.Contains("--account", StringComparison.Ordinal));
    }

    [Fact]
    public void Bash_completes_files_where_a_file_is_wanted()
    {
        var (_, answer, _) = Bash("cd /; eval \"$SCRIPT\"; COMP_WORDS=(opx read -o et); COMP_CWORD=3; _opx; echo \"${COMPREPLY[*]}\"");

        Assert.Contains("etc", answer.Split(' ', '\n'));
    }

    [Fact]
    public void Every_command_and_option_stands_in_every_script()
    {
        string[] scripts = [BashCompletion.Script(Tree), ZshCompletion.Script(Tree), FishCompletion.Script(Tree)];
        foreach (var words in Tree)
        {
            Assert.All(words.Commands, command => Assert.All(scripts, script => Assert.Contains(command.Name, script)));
            Assert.All(words.Options, option => Assert.All(scripts, script => Assert.Contains(option.Names[0].TrimStart('-'), script)));
        }
    }

    private static (int ExitCode, string Output, string Errors) Bash(string command, string line = "")
    {
        var start = new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SCRIPT"] = BashCompletion.Script(Tree);
        start.Environment["LINE"] = line;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
