using Opx.Daemon.Interop;

namespace Opx.Daemon.Tests.Interop;

public sealed class LocalZoneTests
{
    [Theory]
    [InlineData(null, null, "/etc/localtime")]
    [InlineData("", null, null)]
    [InlineData(":", null, null)]
    [InlineData("Europe/Berlin", null, "/usr/share/zoneinfo/Europe/Berlin")]
    [InlineData(":Europe/Berlin", "", "/usr/share/zoneinfo/Europe/Berlin")]
    [InlineData("Europe/Berlin", "/zones", "/zones/Europe/Berlin")]
    [InlineData("/home/me/zone", "/zones", "/home/me/zone")]
    [InlineData(":/home/me/zone", null, "/home/me/zone")]
    public void The_zone_is_in_the_file_that_the_environment_names(string? variable, string? directory, string? file) =>
        Assert.Equal(file, LocalZone.FileOf(variable, directory));

    [Fact]
    public void Where_nothing_changes_it_is_the_zone_that_dot_net_has()
    {
        var zone = new LocalZone("/there/is/no/such/file", null);

        Assert.Same(TimeZoneInfo.Local, zone.Current());
    }
}
