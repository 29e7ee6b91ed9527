using System.Globalization;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>
/// What an answer means for whoever asked, where it is the same for every call. The server's own text is looked at for a phrase that is
/// known, and goes no further: it may hold anything.
/// </summary>
internal static class VaultFailures
{
    // A server that names no time: not the rate limits of others, which are an hour's or a day's.
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static ReadOnlySpan<byte> RecoveryOnly => "replication DR secondary mode"u8;

    public static bool IsRedirect(VaultAnswer answer) => answer is { Fault: ExchangeFault.None, Status: 301 or 302 or 303 or 307 or 308 };

    /// <summary>True where another try shortly after may work: not yet caught up, briefly overwhelmed, a connection that broke.</summary>
    public static bool MayPass(VaultAnswer answer) => answer.Fault switch
    {
        ExchangeFault.None => (answer.Status == 412 || answer.Status is >= 500 and not 501) && !IsSealed(answer),
        ExchangeFault.Broken or ExchangeFault.Truncated or ExchangeFault.WorkerLost => true,
        _ => false,
    };

    /// <summary>Null for an answer that is meant for the call.</summary>
    public static BackendFailure? Of(VaultAnswer answer, string title, VaultServer server, TimeProvider clock)
    {
        if (answer.Fault != ExchangeFault.None)
            return Of(answer.Fault, title, server);
        var at = $"{title} at {server.Address}";
        if (IsRedirect(answer))
            return new(ErrorCode.BackendError, $"{at} sends to another server, or in a circle: set the address to the one that answers");
        return answer.Status switch
        {
            412 => new(ErrorCode.BackendUnavailable, $"{at} has not caught up with the active server yet: try again"),
            429 => RateLimited(answer, at, clock),
            472 or 473 => new(
                ErrorCode.BackendUnavailable, $"{at} is a standby that answers no requests: set the address to the active server"),
            501 => new(ErrorCode.BackendUnavailable, $"{at} is not initialized"),
            503 when IsSealed(answer) => new(ErrorCode.BackendUnavailable, $"{at} is sealed: unseal it, then try again"),
            500 => new(ErrorCode.BackendError, $"{at} failed (status 500): its log says why"),
            >= 500 => new(ErrorCode.BackendUnavailable, $"{at} is not available (status {answer.Status}): try again"),
            >= 400 when answer.Body.Bytes.IndexOf(RecoveryOnly) >= 0 => new(
                ErrorCode.BackendUnavailable, $"{at} is a standby for disaster recovery, which answers no requests: set the address to the primary"),
            >= 400 when IsPage(answer) => PageInPlaceOf(title),
            _ => null,
        };
    }

    /// <summary>A proxy's, or a login's, that stands in front of the server.</summary>
    public static bool IsPage(VaultAnswer answer) =>
        answer.ContentType is "text/html" or "application/xhtml+xml" || answer.Body.Bytes.TrimStart(" \t\r\n"u8).StartsWith("<!"u8);

    public static BackendFailure PageInPlaceOf(string title) => new(
        ErrorCode.BackendError, $"a web page answers in place of {title}: check the address, and what stands in front of the server");

    /// <summary>The token that was sent is no good, or what it is for is refused; which of the two, the server does not say.</summary>
    public static bool IsDenied(VaultAnswer answer) => answer.Status is 401 or 403;

    private static bool IsSealed(VaultAnswer answer) => answer.Status == 503 && answer.Body.Bytes.IndexOf(" is sealed"u8) >= 0;

    private static BackendFailure RateLimited(VaultAnswer answer, string at, TimeProvider clock)
    {
        var wait = RetryAfter(answer.RetryAfter, clock) ?? UsualWait;
        var seconds = Math.Ceiling(wait.TotalSeconds);
        return new BackendFailure(
            ErrorCode.RateLimited, $"{at} has a quota, and it is used up: try again in {seconds:0} second{(seconds == 1 ? "" : "s")}", wait);
    }

    // RFC 9110: seconds, or a date.
    private static TimeSpan? RetryAfter(string? header, TimeProvider clock)
    {
        TimeSpan wait;
        if (int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            wait = TimeSpan.FromSeconds(seconds);
        else if (DateTimeOffset.TryParseExact(header, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            wait = date - clock.GetUtcNow();
        else
            return null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait;
    }

    private static BackendFailure Of(ExchangeFault fault, string title, VaultServer server)
    {
        var at = $"{title} at {server.Address}";
        const string trust = "set ca_cert to the authority that issued it; opx never skips the check";
        return fault switch
        {
            ExchangeFault.NameUnknown => new(
                ErrorCode.BackendUnavailable, $"the name in {server.Address} leads nowhere: check the address and the network"),
            ExchangeFault.Unreachable => new(
                ErrorCode.BackendUnavailable, $"nobody answers at {server.Address}: check that {title} runs there, and the network"),
            ExchangeFault.ConnectTimeout => new(
                ErrorCode.BackendTimeout, $"no connection to {server.Address} came about: check the address and the network"),
            ExchangeFault.CertificateExpired => new(
                ErrorCode.BackendUnavailable,
                $"the certificate of {at} is not valid at this time: renew it, or check this machine's clock"),
            ExchangeFault.CertificateUntrusted => new(
                ErrorCode.BackendUnavailable, $"the certificate of {at} is from nobody who is trusted: {trust}"),
            ExchangeFault.CertificateForAnotherName => new(
                ErrorCode.BackendUnavailable, $"the certificate of {at} is for another name: set the address to the one in it"),
            ExchangeFault.TlsFailed => new(
                ErrorCode.BackendUnavailable,
                $"no TLS connection to {server.Address} came about: check that the server speaks TLS there, and whether it wants a"
                + " client's certificate"),
            ExchangeFault.ProxyFailed => new(
                ErrorCode.BackendUnavailable,
                $"the proxy on the way to {server.Address} refuses: check the proxy variables of the daemon's environment"),
            ExchangeFault.Broken => new(ErrorCode.BackendUnavailable, $"{at} broke off the connection: try again"),
            ExchangeFault.Truncated => new(ErrorCode.BackendUnavailable, $"{at} broke off in the middle of its answer: try again"),
            ExchangeFault.TooLarge => new(
                ErrorCode.TooLarge,
                $"the answer of {at} is larger than {Limits.ValueBytes / 1024 / 1024} MiB, or its headers than {HttpExchange.MostHeaderKibibytes} KiB"),
            ExchangeFault.NotHttp => new(
                ErrorCode.BackendError, $"what answers at {server.Address} does not speak HTTP: check the address, https or http too"),
            ExchangeFault.TrustUnusable => new(
                ErrorCode.BackendUnavailable,
                $"ca_cert, client_cert or client_key of {title} cannot be used: check that the files are there and hold PEM"),
            ExchangeFault.Unsendable => new(
                ErrorCode.SignInRequired, $"the token for {title} holds characters that no token has: run 'opx login'"),
            _ => new(ErrorCode.BackendUnavailable, $"the process that speaks with {title} ended: try again"),
        };
    }
}
