namespace Opx.TestKit.Vault.Methods;

/// <summary>Logins in a browser that were begun and not ended: each can be ended once, within ten minutes (path_oidc.go).</summary>
internal sealed class OidcStates
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, OidcState> _states = [];

    public string Begin(VaultCore core, string role, string redirect, string clientNonce)
    {
        var (state, nonce) = (Fresh.Hex(40), Fresh.Hex(40));
        _states[state] = new OidcState(role, redirect, clientNonce, core.Tokens.Now);
        return $"{core.Address}/control/oidc/authorize?client_id=opx-tests&nonce={nonce}&redirect_uri={Uri.EscapeDataString(redirect)}"
            + $"&response_type=code&scope=openid&state={state}";
    }

    public OidcState? Take(string state, DateTimeOffset now) =>
        _states.Remove(state, out var known) && known.BegunAt + Patience > now ? known : null;

    /// <summary>Addresses of this machine are compared without their port (RFC 8252, section 7.3).</summary>
    public static bool IsAllowed(string uri, IEnumerable<string> allowed)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var asked))
            return false;
        return asked.Host is "localhost" or "127.0.0.1" or "::1"
            ? allowed.Any(one => Uri.TryCreate(one, UriKind.Absolute, out var known) && known.Host == asked.Host && known.PathAndQuery == asked.PathAndQuery)
            : allowed.Contains(uri);
    }
}

internal sealed record OidcState(string Role, string RedirectUri, string ClientNonce, DateTimeOffset BegunAt);

/// <summary>The identity provider behind it, played: whoever opens the authorization page is let in as <see cref="User"/> and sent back with a code.</summary>
internal sealed class OidcProvider
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _codes = [];

    public string User { get; set; } = "me@example.com";

    /// <summary>Where the person's browser is sent.</summary>
    public string Authorize(string redirect, string state)
    {
        var code = Fresh.Text(32);
        lock (_lock)
            _codes[code] = redirect;
        return $"{redirect}?code={code}&state={Uri.EscapeDataString(state)}";
    }

    public string? Redeem(string code, string redirect)
    {
        lock (_lock)
            return _codes.Remove(code, out var known) && known == redirect ? User : null;
    }
}
