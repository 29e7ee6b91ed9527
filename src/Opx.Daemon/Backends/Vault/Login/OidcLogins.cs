namespace Opx.Daemon.Backends.Vault.Login;

/// <summary>A login in a browser that has begun.</summary>
/// <param name="ClientNonce">Proves to the server that it is the same client who ends it.</param>
internal sealed record OidcLogin(LoginPlan Plan, string? Address, string? Namespace, string ClientNonce, long Began);

/// <summary>Logins that wait for a browser, by the state that it brings back. Each is good once, and not for long.</summary>
internal sealed class OidcLogins(TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private const int Most = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, OidcLogin> _begun = new(StringComparer.Ordinal);

    public void Add(string state, OidcLogin login)
    {
        lock (_lock)
        {
            foreach (var (old, _) in _begun.Where(each => IsOver(each.Value)).ToArray())
                _begun.Remove(old);
            if (_begun.Count == Most)
                _begun.Remove(_begun.MinBy(each => each.Value.Began).Key);
            _begun[state] = login;
        }
    }

    /// <summary>Null where nobody began a login with this state, or too long ago.</summary>
    public OidcLogin? Take(string state)
    {
        lock (_lock)
            return _begun.Remove(state, out var login) && !IsOver(login) ? login : null;
    }

    private bool IsOver(OidcLogin login) => clock.GetElapsedTime(login.Began) > Patience;
}
