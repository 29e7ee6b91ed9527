namespace Opx.Daemon.Options;

/// <summary>What <c>config.json</c> says of HashiCorp Vault or OpenBao; null where it says nothing.</summary>
internal sealed record VaultOptions
{
    public string? Address { get; init; }

    public string? Namespace { get; init; }

    /// <summary>A file or a directory.</summary>
    public string? CaCert { get; init; }

    public string? ClientCert { get; init; }

    public string? ClientKey { get; init; }

    public VaultAuthOptions? Auth { get; init; }
}

/// <summary>How to log in. There is no place for a credential in it: references only.</summary>
/// <param name="Method">One of <see cref="Protocol.LoginMethods.All"/>.</param>
internal sealed record VaultAuthOptions(string Method)
{
    /// <summary>Null for the method's own name.</summary>
    public string? Mount { get; init; }

    public string? Role { get; init; }

    /// <summary>References by the name of the credential they stand for, as in <see cref="Protocol.LoginFields"/>.</summary>
    public IReadOnlyDictionary<string, string> Refs { get; init; } = new Dictionary<string, string>();

    /// <summary>A file that holds the token for <c>jwt</c> or <c>kubernetes</c>, which whoever issues it keeps up to date.</summary>
    public string? JwtFile { get; init; }
}
