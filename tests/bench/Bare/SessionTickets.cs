using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

/// <summary>
/// Switches TLS session tickets off, which no client of ours ever presents: making two of them costs a third of a handshake. .NET has no word
/// for it that keeps its own cache of contexts (<c>AllowTlsResume = false</c> costs more than it saves), but OpenSSL's configuration has
/// (<c>NumTickets</c>, SSL_CONF_cmd(3)), and it binds servers only.
/// </summary>
internal static partial class SessionTickets
{
    private const string Variable = "OPENSSL_CONF";

    // Where OpenSSL's own file lies with Debian and Arch, Fedora, and Alpine and the upstream builds.
    private static readonly string[] SystemFiles = ["/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf", "/usr/local/ssl/openssl.cnf"];

    /// <summary>Before the first use of cryptography, which is when OpenSSL reads its configuration, and before other threads are started.</summary>
    /// <returns>What has to stay open until then; null where the configuration is left as it is.</returns>
    public static SafeFileHandle? SwitchOff(Func<string, string?> environment)
    {
        if (!OperatingSystem.IsLinux() || !string.IsNullOrEmpty(environment(Variable)))
            return null;
        var system = SystemFiles.FirstOrDefault(File.Exists);
        if (Configuration(system, system is null ? "" : File.ReadAllText(system)) is not { } text)
            return null;
        // A file without a name: nothing to clean up, and nobody else to write it.
        var file = MemoryFile("openssl.cnf", flags: 1);
        if (file.IsInvalid)
            return null;
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(text), 0);
        return SetEnvironment(Variable, $"/proc/self/fd/{file.DangerousGetHandle()}", 1) == 0 ? file : null;
    }

    /// <summary>
    /// The system's configuration and ours behind it. Null where the system has settings of its own for TLS: they are somebody's decision.
    /// </summary>
    internal static string? Configuration(string? systemFile, string systemText)
    {
        if (Setting("ssl_conf").IsMatch(systemText))
            return null;
        var section = Setting("openssl_conf").Match(systemText) is { Success: true } match ? match.Groups[1].Value : "opx_init";
        return $"""
            {(systemFile is null ? "" : $".include {systemFile}")}
            [default]
            openssl_conf = {section}
            [{section}]
            ssl_conf = opx_ssl
            [opx_ssl]
            system_default = opx_tls
            [opx_tls]
            NumTickets = 0

            """;
    }

    private static Regex Setting(string name) => new($@"^\s*{name}\s*=\s*(\w+)", RegexOptions.Multiline | RegexOptions.CultureInvariant);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
