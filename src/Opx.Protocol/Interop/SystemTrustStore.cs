using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

/// <summary>
/// Keeps OpenSSL from the system's certificate authorities. The runtime parses all of them on the first use of TLS (60–90 ms), even where
/// the one certificate that counts is pinned, or our own. OpenSSL takes their place from the native environment, which
/// <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not reach, and which children inherit: put it back before one is started, or
/// give it an environment of its own.
/// </summary>
/// <remarks>For the main thread: <c>setenv</c> may move the environment away under another thread that reads it.</remarks>
public static unsafe partial class SystemTrustStore
{
    private const string FileVariable = "SSL_CERT_FILE";
    private const string DirectoryVariable = "SSL_CERT_DIR";
    private const string Nothing = "/dev/null";

    private static byte[]? _file;
    private static byte[]? _directory;
    private static bool _bypassed;

    public static void Bypass()
    {
        // macOS has no OpenSSL below its TLS.
        if (_bypassed || OperatingSystem.IsMacOS())
            return;
        _file = Get(FileVariable);
        _directory = Get(DirectoryVariable);
        _bypassed = true;
        Set(FileVariable, Nothing, 1);
        Set(DirectoryVariable, Nothing, 1);
    }

    /// <summary>Puts both variables back byte for byte; one that was not set is not set again.</summary>
    public static void Restore()
    {
        if (!_bypassed)
            return;
        PutBack(FileVariable, _file);
        PutBack(DirectoryVariable, _directory);
        _bypassed = false;
    }

    private static byte[]? Get(string name)
    {
        // Copied: a later setenv may free what getenv pointed to.
        var value = GetEnvironment(name);
        return value == null ? null : [.. MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value), 0];
    }

    private static void PutBack(string name, byte[]? value)
    {
        if (value is null)
        {
            Unset(name);
            return;
        }

        fixed (byte* terminated = value)
            SetBytes(name, terminated, 1);
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* GetEnvironment(string name);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetBytes(string name, byte* value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);
}
