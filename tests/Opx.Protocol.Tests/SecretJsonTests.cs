using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Opx.Protocol.Tests;

public sealed class SecretJsonTests
{
    public static TheoryData<string> Texts =>
    [
        "",
        "plain",
        "\"quoted\" and \\ back",
        "\0\u0001\u001f\u007f\b\t\n\f\r",
        "\n",
        "äöü € 😀 \uE000 \u2028 \uFFFE",
        "</script>&'+",
        new string('"', 40_000),
        new string('x', 70_000) + "\n" + new string('y', 70_000),
    ];

    [Theory, MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void A_text_comes_back_as_it_was(string text)
    {
        var json = Written(writer => SecretJson.WriteText(writer, "v", Encoding.UTF8.GetBytes(text)));

        using var document = JsonDocument.Parse(json);
        Assert.Equal(text, document.RootElement.GetProperty("v").GetString());
        Assert.Equal("behind", document.RootElement.GetProperty("then").GetString());
    }

    [Fact]
    public void A_thousand_random_texts_come_back_as_they_were()
    {
        var random = new Random(5);
        for (var i = 0; i < 1_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(4) switch
            {
                0 => ((char)random.Next(0x20)).ToString(),
                1 => ((char)random.Next(0x20, 0x80)).ToString(),
                2 => "\"\\/"[random.Next(3)].ToString(),
                _ => char.ConvertFromUtf32(random.Next(0x80, 0xD800)),
            }));
            using var document = JsonDocument.Parse(Written(writer => SecretJson.WriteText(writer, "v", Encoding.UTF8.GetBytes(text))));
            Assert.Equal(text, document.RootElement.GetProperty("v").GetString());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100_000)]
    public void Bytes_come_back_as_they_were(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);

        using var document = JsonDocument.Parse(Written(writer => SecretJson.WriteBase64(writer, "v", bytes)));
        Assert.Equal(bytes, document.RootElement.GetProperty("v").GetBytesFromBase64());
        Assert.Equal("behind", document.RootElement.GetProperty("then").GetString());
    }

    [Fact]
    public void The_shared_pool_has_seen_none_of_it()
    {
        // The pool gives this thread the array that it gave back last, as it was.
        var value = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\"needle\n", 500)));
        Written(writer => SecretJson.WriteText(writer, "v", value));
        Written(writer => SecretJson.WriteBase64(writer, "v", value));

        foreach (var size in new[] { 4_096, 8_192, 16_384, 32_768, 65_536 })
            Assert.Equal(-1, ArrayPool<byte>.Shared.Rent(size).AsSpan().IndexOf("needle"u8));
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, ProtocolJson.Writing);
        writer.WriteStartObject();
        write(writer);
        writer.WriteString("then", "behind");
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
