using Opx.Daemon.Listening;

namespace Opx.Daemon.Tests.Listening;

public sealed class ConnectionTableTests
{
    [Theory]
    [InlineData(2_048, 1_048_576, 2_048)]
    [InlineData(2_048, ulong.MaxValue, 2_048)]
    [InlineData(2_048, 1_024, 192)]
    [InlineData(10, 1_024, 10)]
    [InlineData(2_048, 20, 1)]
    [InlineData(2_048, 0, 1)]
    public void There_are_no_more_connections_than_descriptors_for_them(int wanted, ulong descriptors, int most) =>
        Assert.Equal(most, ConnectionTable.Affordable(wanted, descriptors));
}
