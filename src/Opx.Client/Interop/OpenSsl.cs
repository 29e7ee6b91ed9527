using System.Runtime.InteropServices;

// The system's libraries, and none that lies beside the program.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace Opx.Client.Interop;

/// <summary>
/// The part of OpenSSL 3 that a client with a pinned certificate needs, bound at the first call. Names are OpenSSL's own, and so are the numbers
/// (openssl/ssl.h, openssl/bio.h).
/// </summary>
internal static unsafe partial class OpenSsl
{
    public const int WantsToRead = 2, WasClosed = 6;

    private const string Tls = "libssl.so.3", Crypto = "libcrypto.so.3";
    private static readonly Lazy<nint> Contexts = new(NewContext);

    /// <summary>What every connection is made from: TLS 1.3 and nothing older. Zero where this machine has no OpenSSL 3.</summary>
    public static nint Context => Contexts.Value;

    private static nint NewContext()
    {
        const ulong withoutConfiguration = 0x80;
        const int setLeastVersion = 123, tls13 = 0x0304;
        const ulong cleansePlaintext = 0x2;
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(Tls, out _))
            return 0;

        // Nothing in openssl.cnf is about a peer that is known by its very bytes. Not reading it saves a tenth of OpenSSL's start, and a variable in
        // the environment cannot load an engine into us.
        if (Initialize(withoutConfiguration, 0) != 1)
            return 0;
        var context = NewContext(ClientMethod());
        if (context == 0)
            return 0;
        _ = SetOptions(context, cleansePlaintext);
        return Control(context, setLeastVersion, tls13, 0) == 1 ? context : 0;
    }

    [LibraryImport(Tls, EntryPoint = "OPENSSL_init_ssl")]
    private static partial int Initialize(ulong options, nint settings);

    [LibraryImport(Tls, EntryPoint = "TLS_client_method")]
    private static partial nint ClientMethod();

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_new")]
    private static partial nint NewContext(nint method);

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_ctrl")]
    private static partial nint Control(nint context, int command, nint number, nint pointer);

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_set_options")]
    private static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Tls, EntryPoint = "SSL_new")]
    public static partial nint New(nint context);

    [LibraryImport(Tls, EntryPoint = "SSL_free")]
    public static partial void Free(nint ssl);

    /// <summary>Hands over both buffers: <see cref="Free"/> frees them.</summary>
    [LibraryImport(Tls, EntryPoint = "SSL_set_bio")]
    public static partial void SetBuffers(nint ssl, nint incoming, nint outgoing);

    [LibraryImport(Tls, EntryPoint = "SSL_connect")]
    public static partial int Connect(nint ssl);

    [LibraryImport(Tls, EntryPoint = "SSL_read")]
    public static partial int Read(nint ssl, byte* buffer, int count);

    [LibraryImport(Tls, EntryPoint = "SSL_write")]
    public static partial int Write(nint ssl, byte* buffer, int count);

    [LibraryImport(Tls, EntryPoint = "SSL_get_error")]
    public static partial int Error(nint ssl, int result);

    /// <summary>The certificate that the other side has shown and proved to have the key of; to be freed with <see cref="FreeCertificate"/>.</summary>
    [LibraryImport(Tls, EntryPoint = "SSL_get1_peer_certificate")]
    public static partial nint PeerCertificate(nint ssl);

    [LibraryImport(Crypto, EntryPoint = "i2d_X509")]
    public static partial int Encode(nint certificate, byte** into);

    [LibraryImport(Crypto, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(Crypto, EntryPoint = "BIO_s_mem")]
    private static partial nint MemoryMethod();

    [LibraryImport(Crypto, EntryPoint = "BIO_new")]
    private static partial nint NewBuffer(nint method);

    [LibraryImport(Crypto, EntryPoint = "BIO_read")]
    public static partial int Take(nint buffer, byte* into, int count);

    [LibraryImport(Crypto, EntryPoint = "BIO_write")]
    public static partial int Give(nint buffer, byte* from, int count);

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    /// <summary>Memory that one side writes and the other reads; an empty one asks for more.</summary>
    public static nint NewBuffer() => NewBuffer(MemoryMethod());
}
