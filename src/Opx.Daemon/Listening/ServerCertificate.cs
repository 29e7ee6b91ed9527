using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Listening;

/// <summary>
/// The self-signed certificate that clients pin: ECDSA P-256, one year, made anew when under thirty days are left, also while running.
/// </summary>
internal sealed class ServerCertificate : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan Margin = TimeSpan.FromDays(30);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromHours(6);

    private readonly OpxPaths _paths;
    private readonly uint _owner;
    private readonly TimeProvider _clock;
    private readonly ITimer _renewal;
    private volatile X509Certificate2 _current;

    public ServerCertificate(OpxPaths paths, uint owner, TimeProvider clock)
    {
        (_paths, _owner, _clock) = (paths, owner, clock);
        _current = LoadOrCreate();
        _renewal = clock.CreateTimer(_ => RenewIfDue(), null, CheckInterval, CheckInterval);
    }

    /// <summary>What a handshake that begins now presents.</summary>
    public X509Certificate2 Current => _current;

    public void Dispose() => _renewal.Dispose();

    private void RenewIfDue()
    {
        try
        {
            if (IsDue(_current))
                _current = LoadOrCreate();
        }
        catch (Exception error) when (error is OpxPathException or IOException or CryptographicException)
        {
            // A full disk, say. What we have is good for weeks, and there are many more chances.
        }
    }

    private bool IsDue(X509Certificate2 certificate) => certificate.NotAfter.ToUniversalTime() - _clock.GetUtcNow().UtcDateTime < Margin;

    private X509Certificate2 LoadOrCreate()
    {
        if (Load() is { } loaded)
        {
            if (!IsDue(loaded))
                return loaded;
            loaded.Dispose();
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = Create(key);
        // The key first: a reader that finds the new certificate finds a daemon, or a key, that can prove it. A crash in between leaves
        // a pair that does not match, which Load does not accept.
        PrivateFile.Write(_paths.KeyFile, Encoding.ASCII.GetBytes(key.ExportECPrivateKeyPem() + "\n"));
        PrivateFile.Write(_paths.CertificateFile, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"));
        return certificate;
    }

    private X509Certificate2? Load()
    {
        if (PrivateFile.Read(_paths.CertificateFile, _owner) is not { } certificate || PrivateFile.Read(_paths.KeyFile, _owner) is not { } key)
            return null;
        try
        {
            return X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(certificate), Encoding.ASCII.GetString(key));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private X509Certificate2 Create(ECDsa key)
    {
        var request = new CertificateRequest($"CN={Routes.CertificateName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Routes.CertificateName);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        // An end entity and not an authority, because some libraries accept no authority as a server; and no key usage, because OpenSSL
        // then wants it to allow signing certificates before it takes a certificate for its own issuer.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = _clock.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now + Lifetime);
    }
}
