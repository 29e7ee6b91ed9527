using System.Text;
using Opx.Daemon.Identity;

namespace Opx.Daemon.Tests.Identity;

public sealed class ProcStatTests
{
    private const string Rest = "S 41 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 1 1 1";

    [Theory]
    [InlineData("sh")]
    [InlineData("a b c")]
    [InlineData(") S 1 1 1")]
    [InlineData("x) S 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 1 (y")]
    [InlineData("(((")]
    [InlineData("line\nbreak) R 1")]
    [InlineData("")]
    public void A_name_cannot_forge_the_fields_behind_it(string name) =>
        Assert.Equal(new ProcessOrigin(41, 987654), ProcStat.Parse(Encoding.UTF8.GetBytes($"12345 ({name}) {Rest}\n")));

    [Theory]
    [InlineData("")]
    [InlineData("12345 (sh")]
    [InlineData("12345 (sh)")]
    [InlineData("12345 (sh) ")]
    [InlineData("12345 (sh) S 41 42")]
    [InlineData("12345 (sh) S x 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 1")]
    [InlineData("12345 (sh) S 41 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 - 1")]
    public void What_is_not_such_a_line_tells_nothing(string line) => Assert.Null(ProcStat.Parse(Encoding.UTF8.GetBytes(line)));
}
