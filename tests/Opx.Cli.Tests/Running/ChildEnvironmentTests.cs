using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;

namespace Opx.Cli.Tests.Running;

public sealed class ChildEnvironmentTests
{
    [Fact]
    public void Inherited_entries_keep_their_bytes_and_their_order()
    {
        byte[][] inherited = [[.. "A="u8, 0xFF], "odd"u8.ToArray(), "=C:"u8.ToArray(), "B=2"u8.ToArray()];
        var environment = new ChildEnvironment(inherited);
        environment.Set("B", "new"u8);
        environment.Set("C", "3"u8);

        Assert.Equal([inherited[0], inherited[1], inherited[2], "B=new"u8.ToArray(), "C=3"u8.ToArray()], environment.Entries);
    }

    [Fact]
    public void A_variable_that_is_set_stands_once()
    {
        var environment = new ChildEnvironment([.. Bytes("A=1", "AB=x", "A=2")]);
        environment.Set("A", "3"u8);

        Assert.Equal(["A=3", "AB=x"], environment.Entries.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void Only_whole_references_with_a_scheme_count()
    {
        var found = ChildEnvironment.References([.. Bytes(
            "A=op://a/b/c", "B=see op://a/b/c", "C=vault://x#y", "D=bao://x", "E=https://x", "F=a/b/c", "G=op://a/b\nc", "H=op://",
                "I=op://a/../c", "J=OP://a/b/c")]);

        Assert.Equal(["A", "C", "D", "J"], found.Select(assignment => assignment.Name));
    }

    [Fact]
    public void The_largest_value_the_kernel_passes_is_passed_and_one_byte_more_is_refused()
    {
        var environment = new ChildEnvironment([]);
        environment.Set("NAME", new byte[131072 - "NAME=".Length - 1].Select(_ => (byte)'x').ToArray());
        Assert.Equal(131071, environment.Entries[0].Length);

        var failure = Assert.Throws<FailureException>(
            () => environment.Set("NAME", new byte[131072 - "NAME=".Length].Select(_ => (byte)'x').ToArray()));
        Assert.Contains("NAME", failure.Lines[0]);
        Assert.Contains("opx read -o", failure.Lines[0]);
        Assert.Equal(ExitCode.Failed, failure.ExitCode);
    }

    [Fact]
    public void A_value_with_a_NUL_is_refused_by_name_and_not_shown()
    {
        var failure = Assert.Throws<FailureException>(() => new ChildEnvironment([]).Set("TOKEN", "sec\0ret"u8));

        Assert.Contains("TOKEN", failure.Lines[0]);
        Assert.DoesNotContain("sec\0", failure.Lines[0]);
        Assert.DoesNotContain("ret:", failure.Lines[0]);
    }

    [Fact]
    public void The_last_assignment_of_a_name_wins_in_its_first_place()
    {
        var last = Assignment.LastOfEach([new("A", "op://1", null), new("B", "op://2", null), new("A", "op://3", null)]);

        Assert.Equal(["A op://3", "B op://2"], last.Select(assignment => $"{assignment.Name} {assignment.Reference}"));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("=op://a/b/c")]
    [InlineData("1A=op://a/b/c")]
    [InlineData("A-B=op://a/b/c")]
    [InlineData("ä=op://a/b/c")]
    [InlineData("A B=op://a/b/c")]
    public void A_word_that_sets_nothing_is_a_usage_error(string word) => Assert.Throws<UsageException>(() => Assignment.Parse(word));

    [Fact]
    public void A_reference_may_hold_an_equals_sign() =>
        Assert.Equal("op://a/b/c?attribute=otp", Assignment.Parse("A=op://a/b/c?attribute=otp").Reference);

    private static IEnumerable<byte[]> Bytes(params string[] entries) => entries.Select(Encoding.UTF8.GetBytes);
}
