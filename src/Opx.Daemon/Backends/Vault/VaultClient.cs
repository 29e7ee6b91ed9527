using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault;

/// <summary>One request to the API. Whoever makes it disposes of what it carries.</summary>
/// <param name="Path">Below <c>/v1/</c>, percent-encoded.</param>
internal sealed record VaultCall(string Method, string Path)
{
    /// <summary>What follows the path and is secret.</summary>
    public SecretBuffer? PathTail { get; init; }

    public SecretValue? Token { get; init; }

    public JsonBody? Body { get; init; }

    /// <summary>False for what must not be said twice: a wrapping token is good for one use.</summary>
    public bool MayBeRepeated { get; init; } = true;
}

/// <summary>Exactly one of the two: what the server said to us in particular, or why nothing is to be had from it.</summary>
/// <param name="Answer">With a status below 500 that is none of 412, 429, 472 and 473. To be disposed of.</param>
internal readonly record struct VaultReply(VaultAnswer? Answer, BackendFailure? Failure);

/// <summary>The API as far as it is the same for every call: headers, one redirect, up to two more tries.</summary>
internal sealed class VaultClient(VaultServer server, string title, IVaultExchange exchange, CallCounter counter, TimeProvider clock)
{
    private const int MoreTries = 2;

    public VaultServer Server => server;

    public IVaultExchange Exchange => exchange;

    /// <summary>Throws only when cancelled.</summary>
    /// <param name="references">How many references the call is for, to be counted.</param>
    public async Task<VaultReply> SendAsync(VaultCall call, CancellationToken cancellation, int references = 0)
    {
        for (var attempt = 0; ; attempt++)
        {
            counter.Count(references);
            var answer = await SendOnceAsync(call, cancellation);
            if (VaultFailures.Of(answer, title, server, clock) is not { } failure)
                return new VaultReply(answer, null);
            var isPassing = call.MayBeRepeated && VaultFailures.MayPass(answer);
            answer.Dispose();
            if (!isPassing || attempt == MoreTries)
                return new VaultReply(null, failure);
            await Task.Delay(TimeSpan.FromMilliseconds((attempt + 1) * Random.Shared.Next(100, 300)), clock, cancellation);
        }
    }

    private async Task<VaultAnswer> SendOnceAsync(VaultCall call, CancellationToken cancellation)
    {
        var request = new VaultRequest(call.Method, server.Address.Url(call.Path))
        {
            UrlTail = call.PathTail,
            Token = call.Token,
            Namespace = server.Namespace,
            Body = call.Body?.Bytes,
        };
        var answer = await exchange.SendAsync(request, cancellation);
        // A standby sends us on to the active server. Once; what comes back then is an answer like any other, and no redirect is one.
        if (VaultFailures.IsRedirect(answer) && call.PathTail is null && server.Address.Follow(request.Url, answer.Location) is { } url)
        {
            answer.Dispose();
            answer = await exchange.SendAsync(request with { Url = url }, cancellation);
        }

        return answer;
    }
}
