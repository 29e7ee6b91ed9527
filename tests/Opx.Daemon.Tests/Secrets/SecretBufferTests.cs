using Opx.Daemon.Secrets;

namespace Opx.Daemon.Tests.Secrets;

public sealed class SecretBufferTests
{
    [Fact]
    public void Bytes_survive_growing()
    {
        using var buffer = new SecretBuffer();
        var expected = new byte[100_000];
        Random.Shared.NextBytes(expected);
        foreach (var chunk in expected.Chunk(777))
            buffer.Append(chunk);

        Assert.True(buffer.Bytes.SequenceEqual(expected));
    }

    [Fact]
    public void Room_counts_only_after_advance()
    {
        using var buffer = new SecretBuffer();
        "abc"u8.CopyTo(buffer.Room(3));
        Assert.Equal(0, buffer.Length);

        buffer.Advance(2);
        Assert.True(buffer.Bytes.SequenceEqual("ab"u8));
    }

    [Fact]
    public void More_than_the_room_cannot_be_claimed()
    {
        using var buffer = new SecretBuffer();
        var room = buffer.Room(10).Length;

        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
    }

    [Fact]
    public void A_disposed_buffer_is_empty_and_may_be_disposed_of_again()
    {
        var buffer = new SecretBuffer();
        buffer.Append("secret"u8);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Equal(0, buffer.Length);
        Assert.True(buffer.Bytes.IsEmpty);
        Assert.Equal("[secret]", buffer.ToString());
    }
}
