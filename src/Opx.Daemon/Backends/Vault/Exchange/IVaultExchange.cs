using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault.Exchange;

/// <summary>
/// One HTTP request and its answer. All that is known of HTTP and TLS lies behind this: the in-process one is what a worker process runs,
/// the other one talks with such a worker, because <c>HttpClient</c> leaves copies of values and tokens in the process that uses it.
/// </summary>
internal interface IVaultExchange : IDisposable
{
    /// <summary>
    /// Whatever goes wrong on the way is a fault in the answer; throws only when cancelled. The answer is the caller's to dispose of.
    /// </summary>
    Task<VaultAnswer> SendAsync(VaultRequest request, CancellationToken cancellation);

    /// <summary>What remembers an answer or a token is gone when this returns; requests under way fail.</summary>
    void End();

    /// <summary>Likewise, but only once the requests under way are answered.</summary>
    void Retire();
}

/// <summary>A request. Whoever sends it disposes of what it carries.</summary>
/// <param name="Url">Absolute, percent-encoded, without anything secret.</param>
internal sealed record VaultRequest(string Method, string Url)
{
    /// <summary>What follows the URL and is not to become a string: percent-encoded bytes.</summary>
    public SecretBuffer? UrlTail { get; init; }

    public SecretValue? Token { get; init; }

    public string? Namespace { get; init; }

    /// <summary>JSON; null for none.</summary>
    public SecretBuffer? Body { get; init; }
}

/// <summary>What came back. With a <see cref="Fault"/> the rest means nothing.</summary>
internal sealed class VaultAnswer : IDisposable
{
    public ExchangeFault Fault { get; init; }

    public int Status { get; init; }

    public string? ContentType { get; init; }

    public string? RetryAfter { get; init; }

    public string? Location { get; init; }

    public SecretBuffer Body { get; init; } = new();

    public static VaultAnswer Of(ExchangeFault fault) => new() { Fault = fault };

    public void Dispose() => Body.Dispose();

    public override string ToString() => Fault == ExchangeFault.None ? $"status {Status}" : Fault.ToString();
}

/// <summary>Why there is no answer.</summary>
internal enum ExchangeFault
{
    None,

    /// <summary>The server's name leads nowhere.</summary>
    NameUnknown,

    /// <summary>Nobody listens there, or no way leads there.</summary>
    Unreachable,

    ConnectTimeout,
    CertificateExpired,
    CertificateUntrusted,
    CertificateForAnotherName,
    TlsFailed,

    /// <summary>The proxy that the environment names refuses.</summary>
    ProxyFailed,

    /// <summary>The connection ended before the answer began.</summary>
    Broken,

    /// <summary>The answer ended in its middle.</summary>
    Truncated,
    TooLarge,

    /// <summary>Somebody answers, but not in HTTP.</summary>
    NotHttp,

    /// <summary>The file or directory of <c>ca_cert</c>, or the client's certificate, cannot be used.</summary>
    TrustUnusable,

    /// <summary>The request cannot be sent as it is: a token with characters that no header takes.</summary>
    Unsendable,

    /// <summary>The worker process could not be started, or ended.</summary>
    WorkerLost,
}

/// <summary>Whom the server has to prove to be, and who we prove to be.</summary>
/// <param name="CaPath">A file or directory of certificates in PEM that stands in place of the system's; null for those.</param>
/// <param name="ClientCertificate">A file in PEM; null for none.</param>
/// <param name="UsesProxy">False where the proxy variables do not count.</param>
internal sealed record ServerTrust(string? CaPath, string? ClientCertificate, string? ClientKey, bool UsesProxy);
