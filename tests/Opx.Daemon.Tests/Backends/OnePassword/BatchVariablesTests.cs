using System.Text;
using Opx.Daemon.Backends.OnePassword;

namespace Opx.Daemon.Tests.Backends.OnePassword;

public sealed class BatchVariablesTests
{
    private readonly BatchVariables _variables = new(Refs.Of("op://V/i/a", "op://V/i/b"));

    private string A => _variables.Assignments[0].Key;

    private string B => _variables.Assignments[1].Key;

    [Fact]
    public void Values_are_found_by_our_names_whatever_stands_between()
    {
        Assert.Equal(["1", "2"], Parse($"PATH=/bin\0{B}=2\0nothing\0=\0\0{A}=1\0X={A}=3\0"));
    }

    [Fact]
    public void A_value_may_hold_anything_but_nul()
    {
        var hostile = $"x\n{B}=other\nOTHER=y\n={{{{ op://V/i/a }}}}\r\n\u202e\n\n";

        Assert.Equal([hostile, ""], Parse($"{A}={hostile}\0{B}=\0"));
    }

    [Fact]
    public void Output_that_does_not_end_with_nul_is_not_taken_for_shorter_values()
    {
        Assert.Null(_variables.Parse(Encoding.UTF8.GetBytes($"{A}=1\0{B}=2")));
        Assert.Null(_variables.Parse([]));
    }

    [Fact]
    public void A_missing_value_and_one_that_is_still_the_reference_are_none()
    {
        Assert.Equal([null, null], Parse($"{A}=op://V/i/a\0"));
        Assert.Equal(["op://V/i/b", "op://V/i/a"], Parse($"{A}=op://V/i/b\0{B}=op://V/i/a\0"));
    }

    [Fact]
    public void A_name_that_stands_there_twice_is_nobody_s() => Assert.Equal([null, "2"], Parse($"{A}=1\0{B}=2\0{A}=3\0"));

    [Fact]
    public void Only_exactly_our_names_count()
    {
        Assert.Equal([null, null], Parse($"{A}x=1\0x{A}=1\0{A}\0{A[..^1]}=1\0{A[..^1]}-1=1\0{A[..^1]}99=1\0{A.ToLowerInvariant()}=1\0"));
    }

    [Fact]
    public void Two_batches_have_nothing_of_their_names_in_common()
    {
        Assert.NotEqual(A, new BatchVariables(Refs.Of("op://V/i/a")).Assignments[0].Key);
        Assert.Matches("^OPX_[0-9A-F]{16}_0$", A);
    }

    private List<string?> Parse(string output)
    {
        var values = _variables.Parse(Encoding.UTF8.GetBytes(output))!;
        return [.. values.Select(value =>
        {
            using (value)
                return value is null ? null : Encoding.UTF8.GetString(value.Bytes);
        })];
    }
}
