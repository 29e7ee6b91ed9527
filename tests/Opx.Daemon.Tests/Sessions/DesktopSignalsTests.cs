using Opx.Daemon.Sessions;

namespace Opx.Daemon.Tests.Sessions;

public sealed class DesktopSignalsTests
{
    // As gdbus of GLib 2.74 prints them.
    [Theory]
    [InlineData("/org/freedesktop/login1/session/_31: org.freedesktop.login1.Session.Lock ()", true)]
    [InlineData("/org/freedesktop/login1/session/c2: org.freedesktop.login1.Session.Lock ()", true)]
    [InlineData("/org/freedesktop/login1/session/_37: org.freedesktop.login1.Session.Lock ()", false)]
    [InlineData("/org/freedesktop/login1/session/_31: org.freedesktop.login1.Session.Unlock ()", false)]
    [InlineData("/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true,)", true)]
    [InlineData("/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (false,)", false)]
    [InlineData("/org/freedesktop/login1: org.freedesktop.login1.Manager.SessionNew ('org.freedesktop.login1.Session.Lock ()', '/')", false)]
    [InlineData("/org/freedesktop/login1/session/_31: org.freedesktop.DBus.Properties.PropertiesChanged ('x: org.freedesktop.login1.Session.Lock (', {})", false)]
    [InlineData("The name org.freedesktop.login1 is owned by :1.0", false)]
    [InlineData("", false)]
    public void Logind_is_understood(string line, bool isLock) =>
        Assert.Equal(isLock, DesktopSignals.Linux(session => session is not "7").IsLock(line));

    [Fact]
    public void A_sessions_name_is_no_way_out_of_its_directory()
    {
        string? asked = null;
        var signals = DesktopSignals.Linux(session => (asked = session) is not null);

        Assert.True(signals.IsLock("/org/freedesktop/login1/session/_2e_2e_2f_2e_2e: org.freedesktop.login1.Session.Lock ()"));
        Assert.Equal(".._..", asked);
    }
}
