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
    public void Every_array_that_held_an_answer_is_wiped_when_it_grows_and_when_it_is_let_go()
    {
        var buffer = new ResponseBuffer();
        buffer.Write("secret"u8);
        var first = WholeArrayOf(buffer.GetMemory(1));
        buffer.Write(new byte[10_000].Select(_ => (byte)7).ToArray());
        var second = WholeArrayOf(buffer.GetMemory(1));

        Assert.Equal(-1, first.AsSpan().IndexOfAnyExcept((byte)0));
        buffer.Dispose();
        Assert.Equal(-1, second.AsSpan().IndexOfAnyExcept((byte)0));
    }

    private static byte[] WholeArrayOf(Memory<byte> memory) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray((ReadOnlyMemory<byte>)memory, out var segment) ? segment.Array! : throw new InvalidOperationException();
}
