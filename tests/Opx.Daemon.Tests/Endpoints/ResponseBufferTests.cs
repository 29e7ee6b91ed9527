using System.Buffers;
using Opx.Daemon.Endpoints;

namespace Opx.Daemon.Tests.Endpoints;

public sealed class ResponseBufferTests
{
    [Fact]
    public void What_was_written_is_there_whole_however_it_grew()
    {
        var expected = new byte[100_000];
        new Random(7).NextBytes(expected);
        using var buffer = new ResponseBuffer();
        for (var at = 0; at < expected.Length; at += 333)
            buffer.Write(expected.AsSpan(at, Math.Min(333, expected.Length - at)));

        Assert.Equal(expected, buffer.Written);
    }

    [Fact]
    public void A_part_of_it_that_was_taken_before_it_grew_is_a_part_of_what_it_is_now()
    {
        using IMemoryOwner<byte> owner = new ResponseBuffer();
        var buffer = (ResponseBuffer)owner;
        buffer.Write("before "u8);
        var memory = buffer.GetMemory(5);
        "after"u8.CopyTo(memory.Span);
        buffer.Advance(5);
        buffer.Write(new byte[100_000]);

        Assert.Equal("before after", System.Text.Encoding.UTF8.GetString(buffer.Written[..12]));
    }
}
