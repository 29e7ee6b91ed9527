using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault.Exchange;

/// <summary>The exchange itself, over <see cref="SocketsHttpHandler"/>: what a worker process runs, for no longer than it lives.</summary>
internal sealed class HttpExchange : IVaultExchange
{
    /// <summary>Of all headers of an answer.</summary>
    public const int MostHeaderKibibytes = 64;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly ServerTls _tls = new();
    private readonly HttpMessageInvoker? _http;

    public HttpExchange(ServerTrust trust)
    {
        try
        {
            _http = new HttpMessageInvoker(new SocketsHttpHandler
            {
                // Followed, or not, by who knows where the token may go.
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = trust.UsesProxy,
                ConnectTimeout = ConnectLimit,
                ActivityHeadersPropagator = null,
                MaxResponseHeadersLength = MostHeaderKibibytes,
                SslOptions = _tls.Options(trust),
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // Each request says so.
        }
    }

    public async Task<VaultAnswer> SendAsync(VaultRequest request, CancellationToken cancellation)
    {
        if (_http is null)
            return VaultAnswer.Of(ExchangeFault.TrustUnusable);
        // No header takes anything else, and no token has it.
        if (request.Token is { } token && token.Bytes.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            return VaultAnswer.Of(ExchangeFault.Unsendable);
        try
        {
            using var message = Message(request);
            using var response = await _http.SendAsync(message, cancellation);
            return await AnswerAsync(response, cancellation);
        }
        catch (HttpRequestException error)
        {
            return VaultAnswer.Of(Fault(error));
        }
        catch (HttpIOException)
        {
            return VaultAnswer.Of(ExchangeFault.Truncated);
        }
        catch (IOException)
        {
            return VaultAnswer.Of(ExchangeFault.Truncated);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return VaultAnswer.Of(ExchangeFault.ConnectTimeout);
        }
        catch (FormatException)
        {
            return VaultAnswer.Of(ExchangeFault.Unsendable);
        }
    }

    public void End()
    {
    }

    public void Retire()
    {
    }

    public void Dispose() => _http?.Dispose();

    private static HttpRequestMessage Message(VaultRequest request)
    {
        var tail = request.UrlTail is { } bytes ? Encoding.ASCII.GetString(bytes.Bytes) : "";
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Url + tail);
        if (request.Token is { } token)
            message.Headers.Add("X-Vault-Token", Encoding.UTF8.GetString(token.Bytes));
        // Without it an agent that guards against requests forged through a browser does not answer.
        message.Headers.Add("X-Vault-Request", "true");
        if (request.Namespace is { } name)
            message.Headers.Add("X-Vault-Namespace", name);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body.Bytes.ToArray());
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return message;
    }

    private static async Task<VaultAnswer> AnswerAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        // A length that is none is overlooked by .NET, which then takes whatever comes before the end.
        if (response.Content.Headers is { ContentLength: null } headers && headers.NonValidated.Contains("Content-Length"))
            return VaultAnswer.Of(ExchangeFault.NotHttp);
        var body = new SecretBuffer();
        var chunk = SecretBytes.Allocate(16 * 1024);
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(cancellation);
            for (int read; (read = await content.ReadAsync(chunk, cancellation)) > 0;)
            {
                if (body.Length + read > Limits.ValueBytes)
                {
                    body.Dispose();
                    return VaultAnswer.Of(ExchangeFault.TooLarge);
                }

                body.Append(chunk.AsSpan(0, read));
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
        finally
        {
            SecretBytes.Wipe(chunk);
        }

        return new VaultAnswer
        {
            Status = (int)response.StatusCode,
            ContentType = response.Content.Headers.ContentType?.MediaType,
            RetryAfter = First(response.Headers, "Retry-After"),
            Location = First(response.Headers, "Location"),
            Body = body,
        };
    }

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;

    private ExchangeFault Fault(HttpRequestException error) => error switch
    {
        { InnerException: AuthenticationException } when _tls.LastFault != ExchangeFault.None => _tls.LastFault,
        { HttpRequestError: HttpRequestError.NameResolutionError } => ExchangeFault.NameUnknown,
        { InnerException: SocketException { SocketErrorCode: SocketError.TimedOut } } => ExchangeFault.ConnectTimeout,
        { HttpRequestError: HttpRequestError.ConnectionError } => ExchangeFault.Unreachable,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => ExchangeFault.TlsFailed,
        { HttpRequestError: HttpRequestError.ProxyTunnelError } => ExchangeFault.ProxyFailed,
        { HttpRequestError: HttpRequestError.InvalidResponse } => ExchangeFault.NotHttp,
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => ExchangeFault.TooLarge,
        _ => ExchangeFault.Broken,
    };
}
