using System.Text;
using Opx.Client.Interop;
using Opx.Protocol.Interop;

namespace Opx.Client.Tests;

/// <summary>Both ways to TLS do the same, whichever of them this machine takes.</summary>
public sealed class PinnedTlsTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose()
    {
        SystemTrustStore.Restore();
        _home.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_has_the_pinned_certificate_is_talked_to(bool byOpenSsl)
    {
        using var daemon = new DaemonDouble(_home);
        using var tls = Greet(byOpenSsl, ServerPin.Of(_home.Paths, TemporaryHome.Me))!;
        tls.Write(Encoding.ASCII.GetBytes("GET /v1/status HTTP/1.1\r\nContent-Length: 0\r\n\r\n"));
        var answer = new byte[64];
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(answer, 0, tls.Read(answer)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_has_another_certificate_is_not(bool byOpenSsl)
    {
        using var daemon = new DaemonDouble(_home);
        var pin = ServerPin.Of(_home.Paths, TemporaryHome.Me);
        daemon.ChangeCertificate(write: false);
        Assert.Null(Greet(byOpenSsl, pin));
        Assert.Empty(daemon.Requests);
    }

    [Fact]
    public void What_is_done_meanwhile_is_done_once_and_before_the_certificate_is_looked_at()
    {
        var order = new List<string>();
        using var daemon = new DaemonDouble(_home);
        var socket = UnixStream.Connect(_home.Paths.SocketPath, out _)!;
        using var tls = PinnedTls.Greet(socket, () => order.Add("meanwhile"), () =>
        {
            order.Add("pin");
            return ServerPin.Of(_home.Paths, TemporaryHome.Me);
        });
        Assert.NotNull(tls);
        Assert.Equal(["meanwhile", "pin"], order);
    }

    private Stream? Greet(bool byOpenSsl, ServerPin pin)
    {
        Assert.SkipUnless(!byOpenSsl || OpenSslStream.IsHere, "this machine has no OpenSSL 3");
        var socket = UnixStream.Connect(_home.Paths.SocketPath, out _)!;
        return byOpenSsl ? PinnedTls.ByOpenSsl(socket, () => { }, () => pin) : PinnedTls.ByDotNet(socket, () => pin);
    }
}
