using Opx.Daemon.Secrets;

namespace Opx.Daemon.Tests.Secrets;

public sealed class SecretCacheMemoryTests
{
    [Fact]
    public void Ten_thousand_values_take_ten_megabytes_at_most()
    {
        const int count = 10_000;
        using var cache = new SecretCache(64 * 1024 * 1024, TimeProvider.System);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
        {
            using var value = SecretValue.CopyOf(new byte[64]);
            cache.Keep(new SecretKey("opcli", null, $"op://vault/item/field-{i}"), value, TimeSpan.FromHours(1), 0);
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        Assert.Equal(count, cache.Count);
        // The value itself lies outside the heap: 64 bytes more.
        Assert.InRange(each, 100, 900);
    }
}
