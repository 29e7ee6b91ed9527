using System.Text;
using System.Text.Json;
using Opx.Cli.Commands;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.Tests.Commands;

public sealed class RenderingTests
{
    [Theory]
    [InlineData(false, "a\n", "a")]
    [InlineData(false, "a\n", "a\n")]
    [InlineData(false, "a\n\n", "a\n\n")]
    [InlineData(false, "a\r\n", "a\r\n")]
    [InlineData(false, "\n", "")]
    [InlineData(true, "a", "a")]
    [InlineData(true, "a\n", "a\n")]
    [InlineData(true, "", "")]
    [InlineData(false, "a\nb\na\n", "a", "b\n", "a")]
    [InlineData(true, "a\nb", "a", "b")]
    public void A_value_ends_in_a_newline_of_its_own_or_of_ours(bool exact, string text, params string[] values)
    {
        var shown = ReadCommand.Text(values, Encoding.UTF8.GetBytes, exact);

        Assert.Equal(text, Encoding.UTF8.GetString(shown));
    }

    [Fact]
    public void Json_holds_values_and_errors_in_the_order_given()
    {
        var batch = Batch.Of(["op://b", "op://a", "op://c"], reference => reference switch
        {
            "op://a" => new ReadResult(null, new Problem(ErrorCode.NotFound, "no such item", reference)),
            "op://b" => new ReadResult(new ReadResponse(reference, "x\u0001\"ä"u8.ToArray(), true, 5, 7), null),
            _ => new ReadResult(new ReadResponse(reference, [0xFF, 0x00], false, 5, 7), null),
        });
        using var json = JsonDocument.Parse(ReadCommand.Json(batch));
        var results = json.RootElement.GetProperty("results");

        Assert.Equal(["op://b", "op://a", "op://c"], results.EnumerateObject().Select(result => result.Name));
        Assert.Equal("x\u0001\"ä", results.GetProperty("op://b").GetProperty("value").GetString());
        Assert.Equal("not_found", results.GetProperty("op://a").GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("", results.GetProperty("op://a").GetProperty("value").GetString());
        Assert.Equal([0xFF, 0x00], results.GetProperty("op://c").GetProperty("value_base64").GetBytesFromBase64());
    }

    [Fact]
    public void The_first_failure_in_the_order_given_is_the_exit_code_and_all_are_named()
    {
        var batch = Batch.Of(["op://ok", "op://locked", "op://gone"], reference => reference switch
        {
            "op://locked" => new ReadResult(null, new Problem(ErrorCode.SessionLocked, "the session is locked", reference)),
            "op://gone" => new ReadResult(null, new Problem(ErrorCode.NotFound, "no such item", reference)),
            _ => new ReadResult(new ReadResponse(reference, [], true, 5, 7), null),
        });
        var failure = batch.Failure()!;

        Assert.Equal(ExitCode.Locked, failure.ExitCode);
        Assert.Equal(["op://locked: the session is locked", "op://gone: no such item"], failure.Lines);
    }

    [Theory]
    [InlineData("env", "A='it'\\''s'\nB='two\n'\n")]
    [InlineData("export", "export A='it'\\''s'\nexport B='two\n'\n")]
    [InlineData("null", "A=it's\0B=two\n\0")]
    [InlineData("json", "{\"A\":\"it's\",\"B\":\"two\\n\"}\n")]
    public void Variables_are_printed_in_the_order_given(string format, string text)
    {
        IReadOnlyList<Assignment> assignments = [new("A", "op://a", null), new("B", null, "two\n"u8.ToArray())];

        Assert.Equal(text, Encoding.UTF8.GetString(ResolveCommand.Render(format, assignments, _ => "it's"u8.ToArray())));
    }

    [Theory]
    [InlineData("env")]
    [InlineData("export")]
    [InlineData("null")]
    public void A_NUL_that_no_variable_can_hold_is_an_error_that_names_the_variable(string format)
    {
        var failure = Assert.Throws<FailureException>(
            () => ResolveCommand.Render(format, [new("TOKEN", "op://a", null)], _ => "x\0y"u8.ToArray()));

        Assert.Contains("TOKEN", failure.Lines[0]);
    }

    [Fact]
    public void Json_carries_a_NUL_but_no_bytes_that_are_not_text()
    {
        Assert.Equal("{\"A\":\"x\\u0000y\"}\n"u8, ResolveCommand.Render("json", [new("A", "op://a", null)], _ => "x\0y"u8.ToArray()));
        Assert.Throws<FailureException>(() => ResolveCommand.Render("json", [new("A", "op://a", null)], _ => [0xFF]));
    }
}
