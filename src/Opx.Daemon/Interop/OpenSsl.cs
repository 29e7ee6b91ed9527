using System.Runtime.InteropServices;

// The system's libraries, and none that lies beside the program.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace Opx.Daemon.Interop;

/// <summary>
/// The part of OpenSSL 3 that a TLS server needs, bound at the first call. Names are OpenSSL's own, and so are the numbers (openssl/ssl.h,
/// openssl/evp.h). Where a result may be an error, the thread's list of errors has to be empty before the call: see <see cref="Error"/>.
/// </summary>
internal static unsafe partial class OpenSsl
{
    public const int WantsToRead = 2, WantsToWrite = 3, WasClosed = 6;

    private const string Tls = "libssl.so.3", Crypto = "libcrypto.so.3";

    public static bool IsHere { get; } = OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Tls, out _);

    [LibraryImport(Tls, EntryPoint = "TLS_server_method")]
    public static partial nint ServerMethod();

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_new")]
    public static partial nint NewContext(nint method);

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint Control(nint context, int command, nint number, nint pointer);

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(nint context, ulong options);

    /// <summary>A stack of ciphers, which stays the context's.</summary>
    [LibraryImport(Tls, EntryPoint = "SSL_CTX_get_ciphers")]
    public static partial nint Ciphers(nint context);

    [LibraryImport(Crypto, EntryPoint = "OPENSSL_sk_num")]
    public static partial int Count(nint stack);

    [LibraryImport(Crypto, EntryPoint = "OPENSSL_sk_value")]
    public static partial nint At(nint stack, int index);

    /// <summary>Text that lives as long as OpenSSL does.</summary>
    [LibraryImport(Tls, EntryPoint = "SSL_CIPHER_get_name")]
    public static partial nint CipherName(nint cipher);

    /// <summary>Those of TLS 1.3, by their names with colons between.</summary>
    [LibraryImport(Tls, EntryPoint = "SSL_CTX_set_ciphersuites", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetCipherSuites(nint context, string names);

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_set_num_tickets")]
    public static partial int SetTickets(nint context, nint count);

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_set_alpn_select_cb")]
    public static partial void SetProtocolChoice(
        nint context, delegate* unmanaged<nint, byte**, byte*, byte*, uint, nint, int> choose, nint argument);

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_use_certificate_ASN1")]
    public static partial int UseCertificate(nint context, int length, ReadOnlySpan<byte> der);

    [LibraryImport(Tls, EntryPoint = "SSL_CTX_use_PrivateKey_ASN1")]
    public static partial int UseKey(int kind, nint context, ReadOnlySpan<byte> der, nint length);

    [LibraryImport(Tls, EntryPoint = "SSL_new")]
    public static partial nint New(TlsContextHandle context);

    [LibraryImport(Tls, EntryPoint = "SSL_free")]
    public static partial void Free(nint ssl);

    [LibraryImport(Tls, EntryPoint = "SSL_set_fd")]
    public static partial int SetSocket(nint ssl, int descriptor);

    [LibraryImport(Tls, EntryPoint = "SSL_accept")]
    public static partial int Accept(nint ssl);

    [LibraryImport(Tls, EntryPoint = "SSL_read")]
    public static partial int Read(nint ssl, byte* buffer, int count);

    [LibraryImport(Tls, EntryPoint = "SSL_write")]
    public static partial int Write(nint ssl, byte* buffer, int count);

    /// <summary>One where TLS has bytes that the socket does not have any more.</summary>
    [LibraryImport(Tls, EntryPoint = "SSL_has_pending"), SuppressGCTransition]
    public static partial int HasPending(nint ssl);

    [LibraryImport(Tls, EntryPoint = "SSL_shutdown")]
    public static partial int Shutdown(nint ssl);

    /// <summary>What a result that is no success means. It looks at the thread's list of errors, whoever put them there.</summary>
    [LibraryImport(Tls, EntryPoint = "SSL_get_error"), SuppressGCTransition]
    public static partial int Error(nint ssl, int result);

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error"), SuppressGCTransition]
    public static partial void ClearErrors();
}

/// <summary>An <c>SSL_CTX</c>. Connections that were made from it keep it.</summary>
internal sealed class TlsContextHandle() : SafeHandle(0, ownsHandle: true)
{
    public TlsContextHandle(nint context)
        : this() => SetHandle(context);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        OpenSsl.FreeContext(handle);
        return true;
    }
}
