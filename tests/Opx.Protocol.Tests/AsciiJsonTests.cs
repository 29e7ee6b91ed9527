using System.Text;
using System.Text.Json;

namespace Opx.Protocol.Tests;

public sealed class AsciiJsonTests
{
    [Theory]
    [InlineData("op://Work/db/user name", "op://Work/db/user name")]
    [InlineData("a\"b\\c", "a\\u0022b\\u005cc")]
    [InlineData("\0\u001f\u007f", "\\u0000\\u001f\\u007f")]
    [InlineData("ä𝄞", "\\u00e4\\ud834\\udd1e")]
    public void Whatever_is_not_plain_ascii_is_escaped(string text, string json) =>
        Assert.Equal($"\"{json}\"", Encoding.UTF8.GetString(Request(text)));

    [Fact]
    public void Every_character_comes_back_as_it_was()
    {
        for (var scalar = 0; scalar <= 0x10FFFF; scalar += scalar < 0x3000 ? 1 : 97)
        {
            if (Rune.IsValid(scalar))
                Assert.Equal($"x{new Rune(scalar)}y", JsonSerializer.Deserialize<string>(Request($"x{new Rune(scalar)}y")));
        }
    }

    private static byte[] Request(string text) => ProtocolJson.RequestBytes(writer => writer.WriteStringValue(text));
}
