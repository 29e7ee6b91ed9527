using Opx.Daemon.Backends.OnePassword;

namespace Opx.Daemon.Tests.Backends.OnePassword;

public sealed class OpReferenceTests
{
    [Theory]
    [InlineData("op://V/i/f")]
    [InlineData("op://My Vault/my.item-1_2/f")]
    [InlineData("op://V/i/section one/f")]
    [InlineData("op://V/i/f?attribute=otp")]
    [InlineData("op://V/i/private key?ssh-format=openssh&x=y")]
    public void Documented_characters_may_go_through_the_environment(string text) => Assert.True(Of(text)!.IsPlain);

    [Theory]
    [InlineData("op://V/i/$HOME")]
    [InlineData("op://${V}/i/f")]
    [InlineData("op://V/i{{/f")]
    [InlineData("op://V/it's/f")]
    [InlineData("op://V/\"i\"/f")]
    [InlineData("op://V/`id`/f")]
    [InlineData("op://V/i\\/f")]
    [InlineData("op://V/ä/f")]
    [InlineData("op://V/a=b/f")]
    [InlineData("op://V/i/f?a b")]
    [InlineData("op://V/i/f?a?b")]
    [InlineData("op://V/i/f ")]
    [InlineData("op:// V/i/f")]
    [InlineData("op://V/i/s/t/f")]
    public void Everything_else_is_read_alone(string text) => Assert.False(Of(text)!.IsPlain);

    [Theory]
    [InlineData("V/i/f")]
    [InlineData("op://V/i")]
    [InlineData("op://V//f")]
    [InlineData("op:///i/f")]
    [InlineData("op://V/i/")]
    [InlineData("op://V/ /f")]
    [InlineData("op://V/i?x/f")]
    [InlineData("vault://V/i/f")]
    public void What_has_not_the_form_is_none(string text) => Assert.Null(Of(text));

    [Fact]
    public void The_scheme_goes_to_op_in_lower_case()
    {
        var reference = Of("OP://Work/Item/s/Field?attribute=otp")!;

        Assert.Equal("op://Work/Item/s/Field?attribute=otp", reference.Text);
        Assert.Equal(("Work", "Item", "s", "Field"), (reference.Vault, reference.Item, reference.Section, reference.Field));
    }

    private static OpReference? Of(string text) => OpReference.From(Refs.Reference(text), 0);
}
