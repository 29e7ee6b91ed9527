using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;

namespace Opx.Cli.Tests.Running;

public sealed class EnvFileTests
{
    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("A = b", "b")]
    [InlineData("  A=b  ", "b")]
    [InlineData("\tA\t=\tb\t", "b")]
    [InlineData("export A=b", "b")]
    [InlineData("export   A = b", "b")]
    [InlineData("A=", "")]
    [InlineData("A= ", "")]
    [InlineData("A=''", "")]
    [InlineData("A=\"\"", "")]
    [InlineData("A= # nothing", "")]
    [InlineData("A=b # comment", "b")]
    [InlineData("A=b#c", "b#c")]
    [InlineData("A=#c", "#c")]
    [InlineData("A=b\\ #c", "b #c")]
    [InlineData("A=vault://secret/app#key", "vault://secret/app#key")]
    [InlineData("A=op://dev/aws/Access Keys/id", "op://dev/aws/Access Keys/id")]
    [InlineData("A=b c  d", "b c  d")]
    [InlineData("A=b=c", "b=c")]
    [InlineData("A={\"foo\":\"bar\"}", "{\"foo\":\"bar\"}")]
    [InlineData("A=it's", "it's")]
    [InlineData("A='b'", "b")]
    [InlineData("A=' b '", " b ")]
    [InlineData("A='b' # comment", "b")]
    [InlineData("A='b # c'", "b # c")]
    [InlineData("A='b\\n$HOME \"x\"'", "b\\n$HOME \"x\"")]
    [InlineData("A=\" b \"", " b ")]
    [InlineData("A=\"b # c\"", "b # c")]
    [InlineData("A=\"b\\nc\\td\\re\"", "b\nc\td\re")]
    [InlineData("A=\"b\\\"c\\\\d\\'e\\`f\"", "b\"c\\d'e`f")]
    [InlineData("A=\"C:\\path\\dir\"", "C:\\path\\dir")]
    [InlineData("A=C:\\path", "C:\\path")]
    [InlineData("A=b\\\\c", "b\\c")]
    [InlineData("A='first\nsecond'", "first\nsecond")]
    [InlineData("A=\"first\nsecond\n\"", "first\nsecond\n")]
    [InlineData("A='first\r\nsecond'\r\n", "first\nsecond")]
    [InlineData("A=b\r\n", "b")]
    [InlineData("A=b \r\n", "b")]
    [InlineData("\uFEFFA=b", "b")]
    [InlineData("\n\n# comment\n   # another\n\r\nA=b\n\n", "b")]
    [InlineData("A=$OUTER", "outer")]
    [InlineData("A=${OUTER}x", "outerx")]
    [InlineData("A=\"<$OUTER>\"", "<outer>")]
    [InlineData("A=op://$OUTER/mysql/password", "op://outer/mysql/password")]
    [InlineData("A=<$MISSING>", "<>")]
    [InlineData("A=\\$OUTER", "$OUTER")]
    [InlineData("A=\"\\$OUTER\"", "$OUTER")]
    [InlineData("A='$OUTER'", "$OUTER")]
    [InlineData("A=5$", "5$")]
    [InlineData("A=a$1", "a$1")]
    [InlineData("OUTER=inner\nA=$OUTER", "inner")]
    [InlineData("exported=1\nA=$exported", "1")]
    [InlineData("A=bär", "bär")]
    public void A_line_gives_its_value(string text, string value)
    {
        var (name, found, _) = Parse(text)[^1];

        Assert.Equal("A", name);
        Assert.Equal(value, Encoding.UTF8.GetString(found));
    }

    [Theory]
    [InlineData("A", 1)]
    [InlineData("export A", 1)]
    [InlineData("A=b\n=c", 2)]
    [InlineData("A=b\n1B=c", 2)]
    [InlineData("A=b\n\n# x\nB-C=d", 4)]
    [InlineData("A='b", 1)]
    [InlineData("A=\"b\nc\nd", 1)]
    [InlineData("A='x\ny'\nB='b' c", 3)]
    [InlineData("A='b'c", 1)]
    [InlineData("A=\"b\"#c", 1)]
    [InlineData("A=${B", 1)]
    [InlineData("A=${B:-c}", 1)]
    [InlineData("A=\"x\n${}\"", 2)]
    [InlineData("A=b\0c", 1)]
    [InlineData("ä=b", 1)]
    [InlineData("if true; then", 1)]
    [InlineData("A.B=c", 1)]
    [InlineData("A=b\r\nC\r\n", 2)]
    public void A_malformed_line_is_named_with_file_and_number(string text, int line)
    {
        var failure = Assert.Throws<FailureException>(() => Parse(text));

        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.StartsWith($"some.env:{line}: ", Assert.Single(failure.Lines));
    }

    [Fact]
    public void A_name_of_any_length_makes_a_short_message()
    {
        var failure = Assert.Throws<FailureException>(() => EnvFile.Parse(Encoding.UTF8.GetBytes(new string('a', 100_000)), "f", _ => null));

        Assert.InRange(failure.Lines[0].Length, 1, 200);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_kept()
    {
        byte[] text = [.. "A="u8, 0xFF, 0xC3, 0x28, .. "\n"u8];

        Assert.Equal([0xFF, 0xC3, 0x28], EnvFile.Parse(text, "f", _ => null)[0].Value);
    }

    [Fact]
    public void All_variables_come_in_the_order_of_the_file()
    {
        var found = Parse("B=1\nA=2\n\nexport C='3\n4'\nA=5");

        Assert.Equal(["B=1", "A=2", "C=3\n4", "A=5"], found.Select(one => $"{one.Name}={Encoding.UTF8.GetString(one.Value)}"));
    }

    [Fact]
    public void Lines_that_double_each_other_end_at_the_first_that_is_too_much()
    {
        // 16 bytes, and twice as many on each line: the sixteenth is 1 MiB, and the fortieth would be 16 TiB.
        var text = "V=0123456789abcdef\n" + string.Concat(Enumerable.Repeat("V=$V$V\n", 40));

        var failure = Assert.Throws<FailureException>(() => Parse(text));

        Assert.Equal("some.env:18: the value is larger than 1 MiB, which is the limit", Assert.Single(failure.Lines));
        Assert.Equal(1024 * 1024, Parse(text[..(19 + (16 * 7))])[^1].Value.Length);
    }

    [Theory]
    [InlineData(1024 * 1024, true)]
    [InlineData((1024 * 1024) + 1, false)]
    public void A_value_has_a_limit_in_quotes_or_without(int length, bool isFine)
    {
        foreach (var quote in (string[])["", "'", "\""])
        {
            var failure = Record.Exception(() => Parse($"A=1\nB={quote}{new string('x', length)}{quote}\n"));

            Assert.Equal(isFine, failure is null);
            Assert.Equal(isFine ? null : "some.env:2: the value is larger than 1 MiB, which is the limit", (failure as FailureException)?.Lines[0]);
        }
    }

    [Fact]
    public void All_values_of_a_file_have_a_limit_together()
    {
        var text = $"A={new string('x', 1024 * 1024)}\n" + string.Concat(Enumerable.Repeat("B=$A\n", 15));

        Assert.Equal(16, Parse(text).Count);
        var failure = Assert.Throws<FailureException>(() => Parse(text + "C=x\n"));
        Assert.Equal("some.env:17: the values up to here are together larger than 16 MiB, which is the limit of an env file", failure.Lines[0]);
    }

    [Fact]
    public void A_file_that_never_ends_is_not_read_for_ever()
    {
        var failure = Assert.Throws<FailureException>(() => InputFile.Read("/dev/zero", "an env file"));

        Assert.Equal("/dev/zero: is larger than 16 MiB, which is the limit of an env file", failure.Lines[0]);
    }

    [Fact]
    public void A_file_of_very_many_lines_that_name_each_other_costs_no_more_than_its_length()
    {
        // Each looked for among all before it would be ten thousand million comparisons.
        var text = string.Concat(Enumerable.Range(1, 100_000).Select(number => $"V{number}=$V1\n"));

        Assert.Equal(100_000, Parse(text).Count);
    }

    [Theory]
    [InlineData("op://a/b/c", true)]
    [InlineData("https://example.org", true)]
    [InlineData("see op://a/../c", true)]
    [InlineData("op://a/../c", false)]
    [InlineData("vault://", false)]
    [InlineData("op://a/b\nc", false)]
    public void A_value_that_begins_like_a_reference_has_to_be_one(string value, bool isFine)
    {
        var assignment = Assignment.FromFile("A", Encoding.UTF8.GetBytes(value), out var why);

        Assert.Equal(isFine, assignment is not null);
        Assert.Equal(isFine, why.Length == 0);
    }

    [Fact]
    public void A_variable_knows_the_line_it_begins_on() =>
        Assert.Equal([1, 2, 5], Parse("A=1\nB='x\ny\n'\nC=2").Select(found => found.Line));

    [Fact]
    public void Random_text_ends_in_values_or_in_one_message_and_never_hangs()
    {
        var random = new Random(20260722);
        var alphabet = "A=b'\"\\$ {}#\n\r\t\uFEFFexport "u8.ToArray();
        for (var round = 0; round < 5_000; round++)
        {
            var text = new byte[random.Next(40)];
            for (var i = 0; i < text.Length; i++)
                text[i] = alphabet[random.Next(alphabet.Length)];
            try
            {
                EnvFile.Parse(text, "f", _ => null);
            }
            catch (FailureException failure)
            {
                Assert.Single(failure.Lines);
            }
        }
    }

    private static IReadOnlyList<EnvFileLine> Parse(string text) =>
        EnvFile.Parse(Encoding.UTF8.GetBytes(text), "some.env", name => name == "OUTER" ? "outer"u8.ToArray() : null);
}
