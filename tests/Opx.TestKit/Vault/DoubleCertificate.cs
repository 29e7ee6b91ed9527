using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Opx.TestKit.Vault;

/// <summary>An authority of the double's own, and a certificate for <c>localhost</c> by it.</summary>
internal sealed class DoubleCertificate
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _now;

    /// <param name="isExpired">The server's certificate was good until yesterday.</param>
    /// <param name="host">The name in it.</param>
    public DoubleCertificate(bool isExpired = false, string host = "localhost")
    {
        _now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=opx test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Authority = request.CreateSelfSigned(_now.AddDays(-30), _now.AddDays(30));
        Server = Issue($"CN={host}", host, _now.AddDays(-7), isExpired ? _now.AddDays(-1) : _now.AddDays(7));
    }

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    public string AuthorityPem => Authority.ExportCertificatePem() + "\n";

    /// <summary>A certificate for a client, with its key, both in PEM.</summary>
    public (string Certificate, string Key) ForClient(string name)
    {
        using var certificate = Issue($"CN={name}", null, _now.AddDays(-1), _now.AddDays(1));
        using var key = certificate.GetECDsaPrivateKey()!;
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private X509Certificate2 Issue(string subject, string? host, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (host is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(host);
            if (host == "localhost")
                names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }

        using var issued = request.Create(Authority, from, to, RandomNumberGenerator.GetBytes(16));
        using var withKey = issued.CopyWithPrivateKey(key);
        // SslStream wants a key that can be exported, on macOS at least.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
