using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>The certificate that clients pin: what it is, and when there is a new one.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_certificate_is_self_signed_p_256_for_the_names_of_the_daemon()
    {
        await using var daemon = await StartAsync();
        await using var client = await daemon.ConnectAsync();
        using var certificate = client.ServerCertificate;

        Assert.Equal("CN=op-authd-local", certificate.Subject);
        Assert.Equal(certificate.Subject, certificate.Issuer);
        Assert.Equal("1.2.840.10045.3.1.7", certificate.GetECDsaPublicKey()!.ExportParameters(false).Curve.Oid.Value);
        Assert.Equal(["op-authd-local", "localhost"], certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.Equal(daemon.Clock.GetUtcNow().AddDays(365).UtcDateTime, certificate.NotAfter.ToUniversalTime());
    }

    [Fact]
    public async Task The_certificate_is_renewed_while_running_when_under_thirty_days_are_left()
    {
        await using var daemon = await StartAsync();
        var first = await File.ReadAllTextAsync(daemon.Paths.CertificateFile);
        daemon.Clock.Advance(TimeSpan.FromDays(334));
        Assert.Equal(first, await File.ReadAllTextAsync(daemon.Paths.CertificateFile));
        daemon.Clock.Advance(TimeSpan.FromDays(2));

        Assert.NotEqual(first, await File.ReadAllTextAsync(daemon.Paths.CertificateFile));
        // The client pins what the file holds now.
        Assert.Equal(200, (await daemon.StatusAsync()).Status);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_renewed_goes_on_serving()
    {
        await using var daemon = await StartAsync();
        await using var client = await daemon.ConnectAsync();
        Directory.Move(daemon.Paths.DataDirectory, daemon.Paths.DataDirectory + ".gone");
        daemon.Clock.Advance(TimeSpan.FromDays(336));
        await client.SendAsync(RawClient.Request("GET", Routes.Status, daemon.Token, null));

        Assert.Equal(200, (await client.ReceiveAsync()).Status);
        Directory.Move(daemon.Paths.DataDirectory + ".gone", daemon.Paths.DataDirectory);
        daemon.Clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(200, (await daemon.StatusAsync()).Status);
    }

    [Theory]
    [InlineData("expiring")]
    [InlineData("garbage")]
    [InlineData("mismatched")]
    [InlineData("missing")]
    public async Task A_pair_that_cannot_serve_is_replaced_at_start(string fault)
    {
        string before;
        await using (var first = await StartAsync())
            before = await File.ReadAllTextAsync(first.Paths.CertificateFile);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (fault == "garbage")
            PrivateFile.Write(_home.Paths.KeyFile, "not a key"u8);
        else if (fault == "mismatched")
            PrivateFile.Write(_home.Paths.KeyFile, Encoding.ASCII.GetBytes(other.ExportECPrivateKeyPem()));
        else if (fault == "missing")
            File.Delete(_home.Paths.KeyFile);

        await using var second = await StartAsync(fault == "expiring" ? new ManualClock(new DateTimeOffset(2027, 10, 24, 0, 0, 0, TimeSpan.Zero)) : null);

        Assert.NotEqual(before, await File.ReadAllTextAsync(second.Paths.CertificateFile));
        Assert.Equal(200, (await second.StatusAsync()).Status);
    }

    private Task<DaemonUnderTest> StartAsync(ManualClock? clock = null) => DaemonUnderTest.StartAsync(home: _home, clock: clock);
}
