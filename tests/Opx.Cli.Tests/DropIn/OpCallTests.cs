using Opx.Cli.DropIn;

namespace Opx.Cli.Tests.DropIn;

public sealed class OpCallTests
{
    [Theory]
    [InlineData("read op://v/i/f")]
    [InlineData("read -n op://v/i/f")]
    [InlineData("read -nf op://v/i/f")]
    [InlineData("--account a read op://v/i/f")]
    [InlineData("read op://v/i/f --account=a -o x --file-mode 0640")]
    [InlineData("read -ox op://v/i/f")]
    [InlineData("read --no-newline=false op://v/i/f")]
    [InlineData("run -- ls")]
    [InlineData("run --env-file a --env-file=b --no-masking -- ls --bogus")]
    [InlineData("inject")]
    [InlineData("inject -i a -o b -f")]
    public void What_opx_knows_is_its_own_to_answer(string line) => Assert.NotNull(OpCall.Parse(line.Split(' ')));

    [Theory]
    [InlineData("")]
    [InlineData("--version")]
    [InlineData("whoami")]
    [InlineData("item get read")]
    [InlineData("read")]
    [InlineData("read --help")]
    [InlineData("read op://v/i/f -h")]
    [InlineData("read op://v/i/f op://v/i/g")]
    [InlineData("read vault/item/field")]
    [InlineData("read --session x op://v/i/f")]
    [InlineData("read --config x op://v/i/f")]
    [InlineData("read -x op://v/i/f")]
    [InlineData("read -o")]
    [InlineData("read -i x op://v/i/f")]
    [InlineData("run ls")]
    [InlineData("run --")]
    [InlineData("run --environment x -- ls")]
    [InlineData("inject file")]
    [InlineData("inject --no-masking")]
    public void Everything_else_is_the_real_ones(string line) => Assert.Null(OpCall.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Options_are_taken_as_pflag_takes_them()
    {
        var call = OpCall.Parse(["read", "-no", "file", "--account", "work", "op://v/i/f", "-f"])!;

        Assert.Equal((OpVerb.Read, "op://v/i/f", true, "file", "work", true),
            (call.Verb, call.Reference, call.ExactValue, call.OutFile, call.Account, call.Force));
    }

    [Fact]
    public void Words_behind_the_dashes_are_counted_and_not_looked_at()
    {
        var call = OpCall.Parse(["run", "--env-file", "a", "--", "x", "--no-masking", "--", "y"])!;

        Assert.Equal((4, null), (call.ChildWords, call.IsUnmasked));
        Assert.Equal(["a"], call.EnvFiles);
    }

    [Theory]
    [InlineData("op://$A/i/f", "op://x/i/f")]
    [InlineData("op://${A}/i/f", "op://x/i/f")]
    [InlineData("op://${B:-d}/i/f", "op://d/i/f")]
    [InlineData("op://${A:-d}/$A", "op://x/x")]
    [InlineData("op://$B/i", "op:///i")]
    public void Variables_in_references_are_filled_in(string reference, string expected) =>
        Assert.Equal(expected, OpTemplate.Expand(reference, name => name == "A" ? "x" : null));
}
