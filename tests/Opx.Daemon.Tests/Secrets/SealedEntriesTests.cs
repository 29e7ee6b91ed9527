using System.Buffers.Binary;
using Opx.Daemon.Secrets;
using Opx.Daemon.Secrets.OnDisk;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Secrets;

public sealed class SealedEntriesTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(-1, 0)]
    [InlineData(1_000, long.MinValue / 2)]
    public void A_time_that_cannot_be_is_another_versions(long left, long elapsed)
    {
        using var buffer = new SecretBuffer();
        var entry = new SealedEntry(new SecretKey("b", null, "r"), SecretValue.CopyOf("x"u8), TimeSpan.FromSeconds(1), 0);
        new SealedEntries("boot", _clock).Write(buffer, [entry]);
        entry.Dispose();
        // Boot, then the clock; behind it the wall clock, the count, and the texts "b", "" and "r" before the time that is left.
        BinaryPrimitives.WriteInt64LittleEndian(buffer.Written[12..], elapsed);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.Written[62..], left);

        Assert.Throws<InvalidDataException>(() => new SealedEntries("boot", _clock).Read(buffer.Bytes));
    }
}
