using System.Text;
using Opx.Cli.DropIn;

namespace Opx.Cli.Tests.DropIn;

public sealed class MaskerTests
{
    private const string Mask = "<concealed by 1Password>";

    [Theory]
    [InlineData("nothing here", "nothing here")]
    [InlineData("secret", "*")]
    [InlineData("a secret, a secret", "a *, a *")]
    [InlineData("secretsecret", "**")]
    [InlineData("secret-long secret", "* *")]
    [InlineData("secre secret", "secre *")]
    [InlineData("sesecret", "se*")]
    [InlineData("secret-lon", "*-lon")]
    [InlineData("secre", "secre")]
    [InlineData("line\ntwo x", "* x")]
    public void Secrets_are_concealed_however_the_stream_is_cut(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var size = 1; size <= bytes.Length; size++)
            Assert.Equal(expected.Replace("*", Mask), Pushed(bytes.Chunk(size), "secret", "secret-long", "line\ntwo", ""));
    }

    [Fact]
    public void What_cannot_become_a_secret_goes_out_at_once()
    {
        var output = new StringBuilder();
        var masker = new Masker(["secret"u8.ToArray()], bytes => output.Append(Encoding.UTF8.GetString(bytes)));

        masker.Push("prompt: "u8);
        Assert.Equal("prompt: ", output.ToString());
        masker.Push("sec"u8);
        Assert.Equal("prompt: ", output.ToString());
        masker.Push("ond"u8);
        Assert.Equal("prompt: second", output.ToString());
    }

    [Fact]
    public void Without_secrets_everything_comes_through() => Assert.Equal("text", Pushed([Encoding.UTF8.GetBytes("text")]));

    private static string Pushed(IEnumerable<byte[]> pieces, params string[] secrets)
    {
        var output = new MemoryStream();
        var masker = new Masker(secrets.Select(Encoding.UTF8.GetBytes), bytes => output.Write(bytes));
        foreach (var piece in pieces)
            masker.Push(piece);
        masker.End();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
