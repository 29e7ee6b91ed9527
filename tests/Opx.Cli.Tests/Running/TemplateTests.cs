using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;

namespace Opx.Cli.Tests.Running;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("a: {{ op://a/b/c }}\n", "a: <op://a/b/c>\n")]
    [InlineData("{{op://a/b/c}}", "<op://a/b/c>")]
    [InlineData("{{\top://a/b/c with blanks/d \t}}", "<op://a/b/c with blanks/d>")]
    [InlineData("{{ vault://secret/app#key }}{{ bao://x#y }}", "<vault://secret/app#key><bao://x#y>")]
    [InlineData("{{ op://a/b/c }} {{ op://a/b/c }}", "<op://a/b/c> <op://a/b/c>")]
    [InlineData("{{{ op://a/b/c }}}", "{<op://a/b/c>}")]
    [InlineData("{{{{ op://a/b/c }}}}", "{{<op://a/b/c>}}")]
    [InlineData("{{ .Values.x }} {{ op://a/b/c }}", "{{ .Values.x }} <op://a/b/c>")]
    [InlineData("{{ {{ op://a/b/c }}", "{{ <op://a/b/c>")]
    [InlineData("{{ range }}\n{{ end", "{{ range }}\n{{ end")]
    [InlineData("{{\nop://a/b/c }}", "{{\nop://a/b/c }}")]
    [InlineData("op://a/b/c", "op://a/b/c")]
    [InlineData("", "")]
    [InlineData("{{", "{{")]
    [InlineData("a\r\n{{ op://a/b/c }}\r\n", "a\r\n<op://a/b/c>\r\n")]
    public void Places_are_filled_and_nothing_else_is_touched(string text, string filled)
    {
        var template = Template.Parse(Encoding.UTF8.GetBytes(text), "t");

        Assert.Equal(filled, Encoding.UTF8.GetString(template.Fill(reference => Encoding.UTF8.GetBytes($"<{reference}>"))));
    }

    [Theory]
    [InlineData("x\n\n{{ op://a/b/c\n}}", 3)]
    [InlineData("{{ op://a/b/c", 1)]
    [InlineData("{{ op://a/b/c }", 1)]
    [InlineData("{{ op://a/../c }}", 1)]
    [InlineData("\n{{ op:// }}", 2)]
    public void A_place_that_is_not_closed_or_no_reference_is_named_with_its_line(string text, int line)
    {
        var failure = Assert.Throws<FailureException>(() => Template.Parse(Encoding.UTF8.GetBytes(text), "t.tpl"));

        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.StartsWith($"t.tpl:{line}: ", failure.Lines[0]);
    }

    [Fact]
    public void A_reference_that_is_not_utf_8_is_not_taken_for_another_one()
    {
        var failure = Assert.Throws<FailureException>(() => Template.Parse([.. "{{ op://a/b/"u8, 0xC0, .. " }}"u8], "t.tpl"));

        Assert.EndsWith("the reference is not UTF-8 text", failure.Lines[0]);
    }

    [Fact]
    public void Values_are_not_looked_at_again()
    {
        var template = Template.Parse("{{ op://a/b/c }}"u8.ToArray(), "t");

        Assert.Equal("{{ op://x/y/z }}"u8, template.Fill(_ => "{{ op://x/y/z }}"u8.ToArray()));
        Assert.Equal(["op://a/b/c"], template.References);
    }

    [Fact]
    public void Every_byte_around_a_place_is_kept()
    {
        var all = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var template = Template.Parse([.. all, .. "{{ op://a/b/c }}"u8, .. all], "t");

        Assert.Equal([.. all, 0, 255, .. all], template.Fill(_ => [0, 255]));
    }
}
