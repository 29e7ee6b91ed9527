using System.Net.Security;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Opx.Client.Interop;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Client;

/// <summary>
/// TLS with the one who has exactly the pinned certificate, and nobody else. By the system's OpenSSL where there is one that we know, which is
/// quicker; by .NET elsewhere.
/// </summary>
internal static class PinnedTls
{
    // .NET builds a chain before it asks us. Nothing of it counts, so it is to look at nothing: not at the user's and the system's stores.
    private static readonly X509ChainPolicy PinnedOnly = new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationFlags = X509VerificationFlags.AllFlags,
        VerificationTimeIgnored = true,
        DisableCertificateDownloads = true,
    };

    /// <summary>The handshake; null where the other side has another certificate than the pinned one. The socket is closed with the stream, and then.</summary>
    /// <param name="meanwhile">What is to be done before, best while the other side works. What it throws is thrown here.</param>
    /// <param name="pin">Asked when the other side has shown its certificate. What it throws is thrown here.</param>
    /// <exception cref="AuthenticationException">What answers does not speak our TLS.</exception>
    /// <exception cref="IOException">The connection was lost.</exception>
    public static Stream? Greet(UnixStream socket, Action meanwhile, Func<ServerPin> pin)
    {
        if (OpenSslStream.IsHere)
            return ByOpenSsl(socket, meanwhile, pin);
        meanwhile();
        return ByDotNet(socket, pin);
    }

    internal static OpenSslStream? ByOpenSsl(UnixStream socket, Action meanwhile, Func<ServerPin> pin)
    {
        var tls = OpenSslStream.Connect(socket, meanwhile);
        try
        {
            if (pin().Matches(tls.PeerCertificate()))
                return tls;
        }
        catch
        {
            tls.Dispose();
            throw;
        }

        tls.Dispose();
        return null;
    }

    internal static SslStream? ByDotNet(UnixStream socket, Func<ServerPin> pin)
    {
        SystemTrustStore.Bypass();
        var mismatch = false;
        ExceptionDispatchInfo? unreadable = null;
        bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            try
            {
                mismatch = !pin().Matches(certificate?.GetRawCertData());
                return !mismatch;
            }
            catch (Exception error) when (error is DaemonUnreachableException or OpxPathException)
            {
                // Thrown where the caller sees it, not through TLS.
                unreadable = ExceptionDispatchInfo.Capture(error);
                return false;
            }
        }

        var tls = new SslStream(socket);
        try
        {
            tls.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = Routes.CertificateName,
                RemoteCertificateValidationCallback = Check,
                CertificateChainPolicy = PinnedOnly,
                // The TLS below .NET on macOS knows no 1.3 for clients.
                EnabledSslProtocols = OperatingSystem.IsMacOS() ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls13,
                AllowRenegotiation = false,
                AllowTlsResume = false,
            });
            return tls;
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            tls.Dispose();
            unreadable?.Throw();
            if (mismatch)
                return null;
            throw;
        }
    }
}
