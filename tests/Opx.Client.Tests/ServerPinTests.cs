using System.Security.Authentication;
using Opx.Protocol;

namespace Opx.Client.Tests;

public sealed class ServerPinTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls13)]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13)]
    public void The_pinned_certificate_is_accepted_and_the_token_sent(SslProtocols protocols)
    {
        using var daemon = new DaemonDouble(_home, protocols) { Respond = _ => DaemonDouble.Value("fake://a", "v") };
        using var client = DaemonClient.Connect(_home.Options);
        Assert.Equal("v"u8.ToArray(), client.Read(new ReadRequest("fake://a")).Value?.Value);
        var request = Assert.Single(daemon.Requests);
        Assert.StartsWith("POST /v1/read HTTP/1.1\r\n", request);
        Assert.Contains($"\r\nX-OpAuthd-Token: {_home.TokenText}\r\n", request);
        Assert.Contains("\r\nHost: unix\r\n", request);
        Assert.EndsWith("\r\n\r\n{\"ref\":\"fake://a\"}", request);
    }

    [Fact]
    public void An_impostor_with_its_own_certificate_never_receives_a_byte_of_the_token()
    {
        using var impostor = new DaemonDouble(_home);
        impostor.ChangeCertificate(write: false);
        var error = Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(_home.Options));
        Assert.False(error.NotRunning);
        Assert.Contains("does not have the certificate", error.Message);

        // TLS 1.3 has the server done before the client has looked at the certificate: what counts is what came after.
        Assert.True(impostor.Handshakes.TryTake(out _, TimeSpan.FromSeconds(10)));
        Assert.Empty(impostor.Requests);
    }

    [Fact]
    public void An_impostor_is_not_taken_for_a_daemon_that_does_not_run()
    {
        using var impostor = new DaemonDouble(_home);
        impostor.ChangeCertificate(write: false);
        var started = _home.Script("opx-authd", $"touch {_home.Root}/started");
        Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(_home.Options with { MayStart = true, DaemonPath = started }));
        Assert.False(File.Exists(_home.Root + "/started"));
    }

    [Fact]
    public void A_certificate_that_was_renewed_is_accepted_on_a_new_connection()
    {
        using var daemon = new DaemonDouble(_home) { Respond = _ => DaemonDouble.Json("{}", more: "Connection: close\r\n") };
        using var client = DaemonClient.Connect(_home.Options);
        Assert.NotNull(client.Status().Value);
        daemon.ChangeCertificate(write: true);
        Assert.NotNull(client.Status().Value);
        Assert.Equal(2, daemon.Requests.Count);
    }

    [Fact]
    public void A_pin_matches_only_the_same_bytes()
    {
        using var daemon = new DaemonDouble(_home);
        var pin = ServerPin.Of(_home.Paths, TemporaryHome.Me);
        using var same = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(_home.Paths.CertificateFile);
        daemon.ChangeCertificate(write: true);
        using var other = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(_home.Paths.CertificateFile);
        Assert.True(pin.Matches(same.RawData));
        Assert.False(pin.Matches(other.RawData));
        Assert.False(pin.Matches(null));
        Assert.False(pin.IsSameAs(ServerPin.Of(_home.Paths, TemporaryHome.Me)));
    }

    [Fact]
    public void A_file_without_a_certificate_is_an_error_that_names_it()
    {
        using var daemon = new DaemonDouble(_home);
        File.WriteAllText(_home.Paths.CertificateFile, "-----BEGIN NOTHING-----\nAAAA\n-----END NOTHING-----\n");
        Assert.Contains(_home.Paths.CertificateFile, Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(_home.Options)).Message);
        File.Delete(_home.Paths.CertificateFile);
        Assert.Contains(_home.Paths.CertificateFile, Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(_home.Options)).Message);
        Assert.Empty(daemon.Requests);
    }
}
