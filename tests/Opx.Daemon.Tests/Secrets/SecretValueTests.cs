using Opx.Daemon.Secrets;

namespace Opx.Daemon.Tests.Secrets;

public sealed class SecretValueTests
{
    [Fact]
    public void A_value_is_readable_until_its_last_holder_leaves()
    {
        var value = SecretValue.CopyOf("hunter2"u8);
        Assert.True(value.TryHold());
        value.Dispose();
        Assert.Equal("hunter2"u8, value.Bytes);
        value.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = value.Bytes);
        Assert.False(value.TryHold());
    }

    [Fact]
    public void One_hold_too_many_given_back_is_noticed()
    {
        var value = SecretValue.CopyOf("x"u8);
        value.Dispose();
        Assert.Throws<ObjectDisposedException>(value.Dispose);
    }

    [Fact]
    public void Its_text_form_tells_nothing() => Assert.Equal("[secret]", $"{SecretValue.CopyOf("hunter2"u8)}");

    [Fact]
    public void An_empty_value_is_a_value()
    {
        using var value = SecretValue.CopyOf([]);
        Assert.Equal(0, value.Bytes.Length);
    }

    [Fact]
    public async Task Readers_never_see_a_value_that_is_being_wiped()
    {
        for (var round = 0; round < 300; round++)
        {
            var value = SecretValue.CopyOf(Enumerable.Repeat((byte)'x', 4_096).ToArray());
            var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                var seen = 0;
                while (value.TryHold())
                {
                    Assert.Equal(-1, value.Bytes.IndexOfAnyExcept((byte)'x'));
                    value.Dispose();
                    seen++;
                }

                return seen;
            })).ToArray();
            value.Dispose();
            await Task.WhenAll(readers);
        }
    }
}
