using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Backends.Vault.Exchange;

/// <summary>The program that does exchanges: <c>opx-authd</c> itself, started with a word that its help does not show.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Environment">What the worker gets: nothing secret, see <see cref="EnvironmentOf"/>.</param>
internal sealed record WorkerProgram(string Path, IReadOnlyList<KeyValuePair<string, string>> Environment)
{
    /// <summary>The one argument of a worker. Tokens come through its socket, so that no list of processes shows any.</summary>
    public const string Verb = "vault-exchange";

    // What TLS and proxies take from the environment; the loader's paths, without which OpenSSL may not be found where it was for us.
    private static readonly string[] Passed =
    [
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NIX_SSL_CERT_FILE", "LD_LIBRARY_PATH", "CLR_OPENSSL_VERSION_OVERRIDE", "HOME",
    ];

    public static IReadOnlyList<KeyValuePair<string, string>> EnvironmentOf(IReadOnlyDictionary<string, string> environment)
    {
        // A managed build looks for its runtime.
        var passed = RuntimeFeature.IsDynamicCodeSupported ? Passed.Append("DOTNET_ROOT") : Passed;
        return [.. passed.Where(environment.ContainsKey).Select(name => KeyValuePair.Create(name, environment[name]))];
    }

    /// <summary>
    /// The same without the system's authorities where others stand in their place: the runtime would parse all of them on its first use of
    /// TLS, which takes longer than all the rest of a worker's start.
    /// </summary>
    public WorkerProgram For(ServerTrust trust) => trust.CaPath is null
        ? this
        : this with
        {
            Environment =
            [
                .. Environment.Where(variable => variable.Key is not ("SSL_CERT_FILE" or "SSL_CERT_DIR")),
                new("SSL_CERT_FILE", "/dev/null"), new("SSL_CERT_DIR", "/dev/null"),
            ],
        };

    // The file this process runs, not what lies at its path by now: after an upgrade that is another version, which may speak otherwise.
    private string Executable =>
        OperatingSystem.IsLinux() && !RuntimeFeature.IsDynamicCodeSupported && Path == System.Environment.ProcessPath ? "/proc/self/exe" : Path;

    /// <summary>Starts one with this descriptor as its standard input.</summary>
    /// <returns>0, or an error number.</returns>
    public unsafe int Start(SafeSocketHandle socket, out int processId)
    {
        using var arguments = NativeStrings.Of([Path, Verb]);
        using var environment = NativeStrings.Of(Environment.Select(variable => $"{variable.Key}={variable.Value}"));
        using var start = new ProcessStart();
        start.Duplicate((int)socket.DangerousGetHandle(), 0);
        start.Open(1, "/dev/null", flags: 1);
        start.Open(2, "/dev/null", flags: 1);
        start.CloseFrom(3);
        return start.Start(Executable, arguments.Pointer, environment.Pointer, out processId);
    }
}
