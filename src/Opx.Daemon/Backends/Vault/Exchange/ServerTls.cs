using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Backends.Vault.Exchange;

/// <summary>How the server's certificate is checked. There is no way to switch that off: <c>VAULT_SKIP_VERIFY</c> is not read.</summary>
internal sealed class ServerTls
{
    private volatile ExchangeFault _lastFault;

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file holds something else.</exception>
    public SslClientAuthenticationOptions Options(ServerTrust trust)
    {
        var options = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = Check };
        if (trust.CaPath is { } path)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(Authorities(path));
            options.CertificateChainPolicy = policy;
        }

        if (trust.ClientCertificate is { } certificate)
        {
            var ours = X509Certificate2.CreateFromPemFile(Plain(certificate), trust.ClientKey is { } key ? Plain(key) : null);
            options.ClientCertificateContext = SslStreamCertificateContext.Create(ours, additionalCertificates: null, offline: true);
        }

        return options;
    }

    /// <summary>What was wrong with the certificate that was refused last.</summary>
    public ExchangeFault LastFault => _lastFault;

    private static X509Certificate2Collection Authorities(string path)
    {
        var certificates = new X509Certificate2Collection();
        foreach (var file in Directory.Exists(path) ? Directory.GetFiles(path) : [path])
            certificates.ImportFromPem(File.ReadAllText(Plain(file)));
        return certificates.Count > 0 ? certificates : throw new CryptographicException();
    }

    // A pipe would be waited for, for ever.
    private static string Plain(string path) => FileStatus.Of(path, follow: true) is { IsRegularFile: true } ? path : throw new IOException();

    private bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        _lastFault = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            ? chain!.ChainStatus.Any(status => status.Status is X509ChainStatusFlags.NotTimeValid)
                && chain.ChainStatus.All(status => status.Status is X509ChainStatusFlags.NotTimeValid or X509ChainStatusFlags.NoError)
                ? ExchangeFault.CertificateExpired
                : ExchangeFault.CertificateUntrusted
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? ExchangeFault.CertificateForAnotherName
            : ExchangeFault.CertificateUntrusted;
        return false;
    }
}
