using System.Runtime.InteropServices;

// The system's libraries, and none that lies beside the program.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace Opx.Client.Interop;

/// <summary>
/// The part of OpenSSL 3 that a client with a pinned certificate needs. Names are OpenSSL's own, and so are the numbers (openssl/ssl.h, openssl/bio.h).
/// The functions are pointers: an import that has to be looked up first looks for an assembly that may want to do it, by reflection, which is 2 % of the
/// instructions of a cached read.
/// </summary>
internal static unsafe class OpenSsl
{
    public const int WantsToRead = 2, WasClosed = 6;

    // Its functions and those of libcrypto, on which it depends.
    private static readonly nint Library = OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libssl.so.3", out var library) ? library : 0;

    private static readonly delegate* unmanaged<ulong, nint, int> Initialize = (delegate* unmanaged<ulong, nint, int>)Function("OPENSSL_init_ssl");
    private static readonly delegate* unmanaged<nint> ClientMethod = (delegate* unmanaged<nint>)Function("TLS_client_method");
    private static readonly delegate* unmanaged<nint, nint> NewContext = (delegate* unmanaged<nint, nint>)Function("SSL_CTX_new");
    private static readonly delegate* unmanaged<nint, int, nint, nint, nint> Control = (delegate* unmanaged<nint, int, nint, nint, nint>)Function("SSL_CTX_ctrl");
    private static readonly delegate* unmanaged<nint, ulong, ulong> SetOptions = (delegate* unmanaged<nint, ulong, ulong>)Function("SSL_CTX_set_options");
    private static readonly delegate* unmanaged<nint> MemoryMethod = (delegate* unmanaged<nint>)Function("BIO_s_mem");
    private static readonly delegate* unmanaged<nint, nint> NewMemory = (delegate* unmanaged<nint, nint>)Function("BIO_new");

    public static readonly delegate* unmanaged<nint, nint> New = (delegate* unmanaged<nint, nint>)Function("SSL_new");
    public static readonly delegate* unmanaged<nint, void> Free = (delegate* unmanaged<nint, void>)Function("SSL_free");

    /// <summary>Hands over both buffers: <see cref="Free"/> frees them.</summary>
    public static readonly delegate* unmanaged<nint, nint, nint, void> SetBuffers = (delegate* unmanaged<nint, nint, nint, void>)Function("SSL_set_bio");
    public static readonly delegate* unmanaged<nint, int> Connect = (delegate* unmanaged<nint, int>)Function("SSL_connect");
    public static readonly delegate* unmanaged<nint, byte*, int, int> Read = (delegate* unmanaged<nint, byte*, int, int>)Function("SSL_read");
    public static readonly delegate* unmanaged<nint, byte*, int, int> Write = (delegate* unmanaged<nint, byte*, int, int>)Function("SSL_write");
    public static readonly delegate* unmanaged<nint, int, int> Error = (delegate* unmanaged<nint, int, int>)Function("SSL_get_error");

    /// <summary>The certificate that the other side has shown and proved to have the key of; to be freed with <see cref="FreeCertificate"/>.</summary>
    public static readonly delegate* unmanaged<nint, nint> PeerCertificate = (delegate* unmanaged<nint, nint>)Function("SSL_get1_peer_certificate");
    public static readonly delegate* unmanaged<nint, byte**, int> Encode = (delegate* unmanaged<nint, byte**, int>)Function("i2d_X509");
    public static readonly delegate* unmanaged<nint, void> FreeCertificate = (delegate* unmanaged<nint, void>)Function("X509_free");
    public static readonly delegate* unmanaged<nint, byte*, int, int> Take = (delegate* unmanaged<nint, byte*, int, int>)Function("BIO_read");
    public static readonly delegate* unmanaged<nint, byte*, int, int> Give = (delegate* unmanaged<nint, byte*, int, int>)Function("BIO_write");
    public static readonly delegate* unmanaged<void> ClearErrors = (delegate* unmanaged<void>)Function("ERR_clear_error");

    /// <summary>What every connection is made from: TLS 1.3 and nothing older. Zero where this machine has no OpenSSL 3.</summary>
    public static readonly nint Context = Library == 0 ? 0 : Make();

    /// <summary>Memory that one side writes and the other reads; an empty one asks for more.</summary>
    public static nint NewBuffer() => NewMemory(MemoryMethod());

    // All of them are in every version 3.
    private static nint Function(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);

    private static nint Make()
    {
        const ulong withoutConfiguration = 0x80, withoutOldNames = 0x10 | 0x20, withoutErrorTexts = 0x1 | 0x100000, withoutCleanUp = 0x80000;
        const int setLeastVersion = 123, tls13 = 0x0304;
        const ulong cleansePlaintext = 0x2;

        // Nothing in openssl.cnf is about a peer that is known by its very bytes. Not reading it saves a tenth of OpenSSL's start, and a variable in
        // the environment cannot load an engine into us. TLS 1.3 fetches each algorithm from the provider, so that the tables in which OpenSSL 1 looked
        // them up by name stay empty; nobody reads the texts of its errors; and what it would free at exit goes with the process. Together that is 5.5 of
        // the 20 million instructions that a C program needs for a cached read.
        if (Initialize(withoutConfiguration | withoutOldNames | withoutErrorTexts | withoutCleanUp, 0) != 1)
            return 0;
        var context = NewContext(ClientMethod());
        if (context == 0)
            return 0;
        _ = SetOptions(context, cleansePlaintext);
        return Control(context, setLeastVersion, tls13, 0) == 1 ? context : 0;
    }
}
