using Opx.Daemon.Backends.OnePassword;

namespace Opx.Daemon.Tests.Backends.OnePassword;

public sealed class NamedReferencesTests
{
    [Fact]
    public void The_quoted_reference_is_named_and_neither_its_beginning_nor_its_continuation()
    {
        var references = Refs.Of("op://V/i/pass", "op://V/i/password", "op://V/i/password 2");

        Assert.Equal(["op://V/i/password"], Named("could not read secret 'op://V/i/password': who knows", references));
    }

    [Fact]
    public void Case_does_not_matter() =>
        Assert.Equal(["op://V/Item/f"], Named("secret 'op://v/item/F': who knows", Refs.Of("op://V/Item/f", "op://V/Other/f")));

    [Fact]
    public void A_missing_vault_names_all_its_references_and_those_of_no_other()
    {
        var references = Refs.Of("op://x/a/f", "op://xy/b/f", "op://x/c/f", "op://V/x/f");
        const string message = "secret 'op://x/c/f': could not get item x/c: \"x\" isn't a vault in this account. Specify it.";

        Assert.Equal(["op://x/a/f", "op://x/c/f"], Named(message, references));
    }

    [Fact]
    public void A_missing_item_names_all_its_fields_and_not_the_same_item_of_another_vault()
    {
        var references = Refs.Of("op://V/nope/a", "op://V/nope/s/b", "op://W/nope/a", "op://V/nope2/a");

        Assert.Equal(["op://V/nope/a", "op://V/nope/s/b"], Named("\"nope\" isn't an item in the \"V\" vault.", references));
    }

    [Fact]
    public void An_ambiguous_item_names_all_its_fields()
    {
        var references = Refs.Of("op://V/x/a", "op://V/x/b", "op://V/y/a");

        Assert.Equal(
            ["op://V/x/a", "op://V/x/b"], Named("could not get item V/x: More than one item matches \"x\". Try again", references));
    }

    [Fact]
    public void A_missing_field_is_found_by_its_item()
    {
        var references = Refs.Of("op://V/i/a", "op://V/i/b", "op://V/j/a");

        Assert.Equal(["op://V/i/a"], Named("item 'V/i' does not have a field 'a'", references));
    }

    [Fact]
    public void A_missing_field_that_may_be_one_of_two_sections_names_nobody()
    {
        var references = Refs.Of("op://V/i/a", "op://V/i/s/a");

        Assert.Empty(Named("item 'V/i' does not have a field 'a'", references));
        Assert.Equal(["op://V/i/s/a"], Named("item 'V/i' does not have a field 's.a'", references));
        Assert.Equal(["op://V/i/s/a"], Named("could not read secret 'op://V/i/s/a': item 'V/i' does not have a field 'a'", references));
    }

    [Fact]
    public void Without_quotes_the_longest_that_fits_is_meant()
    {
        var references = Refs.Of("op://V/i/f", "op://V/i/f g", "op://V/i/f g h");

        Assert.Equal(["op://V/i/f g"], Named("cannot read op://V/i/f g: no", references));
        Assert.Equal(["op://V/i/f g h"], Named("cannot read op://V/i/f g h. Try again", references));
        Assert.Empty(Named("cannot read op://V/i/fg: no", references));
        Assert.Empty(Named("cannot read op://V/i/f/g: no", references));
    }

    [Theory]
    [InlineData("")]
    [InlineData("the moon is in the wrong phase")]
    [InlineData("could not read secret 'op://other/i/f': gone")]
    [InlineData("op://")]
    public void A_message_without_names_names_nobody(string message) => Assert.Empty(Named(message, Refs.Of("op://V/i/f", "op://V/i/g")));

    [Fact]
    public void An_item_named_without_its_vault_is_meant_where_only_one_vault_is_asked_for_it()
    {
        const string message = "could not find item i in vault ytrfte14kw1uex5txaore1emkz";

        Assert.Equal(["op://V/i/f", "op://V/i/g"], Named(message, Refs.Of("op://V/i/f", "op://V/i/g", "op://V/ii/f")));
        Assert.Empty(Named(message, Refs.Of("op://V/i/f", "op://W/i/g")));
    }

    [Theory]
    [InlineData("could not read secret 'op://a/b/c': who knows")]
    [InlineData("item 'a/b' does not have a field 'c'")]
    [InlineData("'b' isn't an item in the 'a' vault. Specify the item with its UUID, name, or domain.")]
    [InlineData("'a' isn't a vault in this account. Specify the vault with its ID or name.")]
    [InlineData("More than one item matches 'b'. Try again and specify the item by its ID")]
    [InlineData("could not find item 'b' in vault 'a'")]
    [InlineData("invalid secret reference 'op://a/b/c': too few '/'")]
    [InlineData("could not read secret op://a/b/c: could not find field or file c on item b in vault a")]
    public void Every_message_names_its_reference_whatever_its_quotes_look_like(string message)
    {
        foreach (var quoted in (string[])[message, message.Replace('\'', '"'), message.Replace('\'', '`'), message.Replace('\'', '\u2019')])
            Assert.Equal(["op://a/b/c"], Named(quoted, Refs.Of("op://V/b2/c", "op://a/b/c", "op://W/i/d")));
    }

    private static string[] Named(string message, OpReference[] references) =>
        [.. NamedReferences.In(message, references).OrderBy(reference => reference.Index).Select(reference => reference.Text)];
}
