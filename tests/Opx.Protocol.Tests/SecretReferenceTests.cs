namespace Opx.Protocol.Tests;

public sealed class SecretReferenceTests
{
    [Theory]
    [InlineData("op://vault/item/field", ReferenceScheme.OnePassword, "vault/item/field")]
    [InlineData("OP://Vault/Item/Section/Field", ReferenceScheme.OnePassword, "Vault/Item/Section/Field")]
    [InlineData("op://my vault/Ünïcode/field?attribute=otp", ReferenceScheme.OnePassword, "my vault/Ünïcode/field?attribute=otp")]
    [InlineData("vault://secret/app#key", ReferenceScheme.Vault, "secret/app#key")]
    [InlineData("bao://pki/ca/pem", ReferenceScheme.Bao, "pki/ca/pem")]
    [InlineData("plain/name", ReferenceScheme.None, "plain/name")]
    [InlineData("a..b/..c/c..", ReferenceScheme.None, "a..b/..c/c..")]
    [InlineData("op://a/...", ReferenceScheme.OnePassword, "a/...")]
    [InlineData("op://v/i/f?x=..", ReferenceScheme.OnePassword, "v/i/f?x=..")]
    public void A_good_reference_is_taken_as_it_is(string text, ReferenceScheme scheme, string body)
    {
        var reference = SecretReference.Parse(text, out var why)!;

        Assert.Equal((text, scheme, body, ""), (reference.Text, reference.Scheme, reference.Body, why));
        Assert.Equal(text, reference.ToString());
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("-op://v/i/f", "'-'")]
    [InlineData("--account=x", "'-'")]
    [InlineData("op://v/i/f\n", "control")]
    [InlineData("op://v/\0/f", "control")]
    [InlineData("op://v/i/\u001b[2J", "control")]
    [InlineData("op://v/i/\u007f", "control")]
    [InlineData("op://v/i/\u009b", "control")]
    [InlineData("http://example.com/x", "unknown scheme 'http'")]
    [InlineData("ops://v/i/f", "unknown scheme 'ops'")]
    [InlineData("://x", "unknown scheme ''")]
    [InlineData("\u202eop://v/i/f", "unknown scheme")]
    [InlineData("op://", "names nothing")]
    [InlineData("op:///", "names nothing")]
    [InlineData("///", "names nothing")]
    [InlineData("op://..", "'..'")]
    [InlineData("op://v/../f", "'..'")]
    [InlineData("op://../i/f", "'..'")]
    [InlineData("vault://secret/..", "'..'")]
    [InlineData("vault://secret/..#key", "'..'")]
    [InlineData("vault://secret/..?version=2", "'..'")]
    [InlineData("..", "'..'")]
    [InlineData("a/../b", "'..'")]
    public void A_bad_reference_is_refused_with_the_reason(string text, string reason)
    {
        Assert.Null(SecretReference.Parse(text, out var why));
        Assert.Contains(reason, why);
        Assert.Equal(why, Printable.Text(why));
    }

    [Theory]
    [InlineData('x', 1)]
    [InlineData('ü', 2)]
    [InlineData('€', 3)]
    public void The_length_limit_counts_bytes(char letter, int bytes)
    {
        var longest = "op://" + new string('p', (1_019 % bytes)) + new string(letter, 1_019 / bytes);

        Assert.NotNull(SecretReference.Parse(longest, out _));
        Assert.Null(SecretReference.Parse(longest + "x", out var why));
        Assert.Contains("1024", why);
    }

    [Theory]
    [InlineData("op://v/i/f?attribute=otp", true)]
    [InlineData("op://v/i/f?attribute=OTP", true)]
    [InlineData("op://v/i/f?Attribute=otp&x=y", true)]
    [InlineData("v/i/f?attribute=otp", true)]
    [InlineData("op://v/i/f", false)]
    [InlineData("op://v/i/attribute=otp", false)]
    [InlineData("vault://v/i?attribute=otp", false)]
    public void A_one_time_password_is_known_by_its_attribute(string text, bool expected) =>
        Assert.Equal(expected, SecretReference.Parse(text, out _)!.IsOneTimePassword);

    [Theory]
    [InlineData("op://", true)]
    [InlineData("VAULT://x", true)]
    [InlineData("bao://../x", true)]
    [InlineData("op:/x", false)]
    [InlineData("http://x", false)]
    [InlineData("x op://y", false)]
    public void What_looks_like_a_reference_is_told_from_what_does_not(string text, bool expected) => Assert.Equal(expected, SecretReference.HasScheme(text));
}
