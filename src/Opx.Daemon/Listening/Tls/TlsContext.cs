using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Opx.Daemon.Interop;

namespace Opx.Daemon.Listening.Tls;

/// <summary>
/// What every connection's TLS is made from: 1.2 and newer, as far as the system's own configuration allows; no session tickets, which none of our
/// clients would present and which cost a third of a handshake; what a client sent is wiped once it has been read.
/// </summary>
internal static unsafe class TlsContext
{
    /// <exception cref="CryptographicException">OpenSSL does not take the certificate or its key.</exception>
    public static TlsContextHandle For(X509Certificate2 certificate)
    {
        const int setMode = 33, setReadAhead = 41, setSessionCache = 44, setLeastVersion = 123, getLeastVersion = 130;
        const int partialWrites = 0x1, writesMayMove = 0x2, releaseBuffers = 0x10;
        const int tls12 = 0x0303, off = 0;
        const ulong cleansePlaintext = 0x2, noTickets = 1ul << 14, ourOrder = 1ul << 22, noRenegotiation = 1ul << 30;

        OpenSsl.ClearErrors();
        var context = OpenSsl.NewContext(OpenSsl.ServerMethod());
        var handle = context != 0 ? new TlsContextHandle(context) : throw new CryptographicException("OpenSSL makes no context for TLS");
        try
        {
            _ = OpenSsl.SetOptions(context, cleansePlaintext | noTickets | ourOrder | noRenegotiation);
            _ = OpenSsl.SetTickets(context, 0);
            _ = OpenSsl.Control(context, setMode, partialWrites | writesMayMove | releaseBuffers, 0);
            // A record with one call of the system instead of two.
            _ = OpenSsl.Control(context, setReadAhead, 1, 0);
            _ = OpenSsl.Control(context, setSessionCache, off, 0);
            if (OpenSsl.Control(context, getLeastVersion, 0, 0) < tls12)
                _ = OpenSsl.Control(context, setLeastVersion, tls12, 0);
            PreferCheapest(context);
            OpenSsl.SetProtocolChoice(context, &ChooseHttp11, 0);
            Use(context, certificate);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Of the cipher suites of TLS 1.3 that the system allows, the one whose handshake costs least goes first: its dozens of keys are derived with SHA-256, for which
    /// processors have instructions, and not with SHA-384. Clients offer the other first, and as a rule the client's order holds.
    /// </summary>
    private static void PreferCheapest(nint context)
    {
        const string cheapest = "TLS_AES_128_GCM_SHA256";
        var ciphers = OpenSsl.Ciphers(context);
        var names = Enumerable.Range(0, OpenSsl.Count(ciphers)).Select(i => Marshal.PtrToStringUTF8(OpenSsl.CipherName(OpenSsl.At(ciphers, i)))!);
        // Those of TLS 1.2 have names of OpenSSL's own, and a list of their own.
        var suites = names.Where(name => name.StartsWith("TLS_", StringComparison.Ordinal)).OrderByDescending(name => name == cheapest).ToList();
        if (suites.Count > 0)
            _ = OpenSsl.SetCipherSuites(context, string.Join(':', suites));
    }

    private static void Use(nint context, X509Certificate2 certificate)
    {
        const int rsa = 6, ec = 408;
        using var ecKey = certificate.GetECDsaPrivateKey();
        using var rsaKey = certificate.GetRSAPrivateKey();
        var (kind, key) = ecKey is not null ? (ec, ecKey.ExportECPrivateKey())
            : rsaKey is not null ? (rsa, rsaKey.ExportRSAPrivateKey())
            : throw new CryptographicException("the key of the certificate is of a kind that is not known here");
        try
        {
            if (OpenSsl.UseCertificate(context, certificate.RawDataMemory.Length, certificate.RawDataMemory.Span) != 1
                || OpenSsl.UseKey(kind, context, key, key.Length) != 1)
                throw new CryptographicException("OpenSSL does not take the certificate or its key");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Of the protocols that a client offers (ALPN, RFC 7301), HTTP/1.1, or none.</summary>
    [UnmanagedCallersOnly]
    private static int ChooseHttp11(nint ssl, byte** chosen, byte* chosenLength, byte* offered, uint offeredLength, nint argument)
    {
        const int taken = 0, ignored = 3;
        for (var at = 0u; at < offeredLength; at += 1u + offered[at])
        {
            var length = offered[at];
            if (at + length >= offeredLength || !new ReadOnlySpan<byte>(offered + at + 1, length).SequenceEqual("http/1.1"u8))
                continue;
            *chosen = offered + at + 1;
            *chosenLength = length;
            return taken;
        }

        return ignored;
    }
}
