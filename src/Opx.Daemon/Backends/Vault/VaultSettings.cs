using System.Text;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>
/// What is configured for one of the two backends: <c>config.json</c>, then the environment (of OpenBao's own variables first), then
/// <c>~/.vault-token</c>, which OpenBao's CLI writes too.
/// </summary>
/// <param name="Name"><c>vault</c> or <c>bao</c>.</param>
internal sealed record VaultSettings(string Name, VaultOptions Options, IReadOnlyDictionary<string, string> Environment)
{
    private const int MostTokenBytes = 64 * 1024;

    /// <summary>For messages.</summary>
    public string Title => Name == "bao" ? "OpenBao" : "Vault";

    public VaultAuthOptions? Auth => Options.Auth;

    /// <summary>The server, or in <paramref name="why"/> what is missing.</summary>
    /// <param name="address">Another address than the configured one.</param>
    public VaultServer? Server(string? address, string? name, out string why)
    {
        address ??= Options.Address ?? Variable(EnvironmentNames.VaultAddress);
        if (address is null)
        {
            why = $"set \"{Name}\": {{\"address\": …}} in config.json, or {EnvironmentNames.VaultAddress} in the daemon's environment,"
                + $" or give 'opx login {Name}' an --address";
            return null;
        }

        if (VaultAddress.Parse(address, out why) is not { } parsed)
            return null;
        var trust = new ServerTrust(
            Options.CaCert ?? Variable(EnvironmentNames.VaultCaFile) ?? Variable(EnvironmentNames.VaultCaDirectory),
            Options.ClientCert ?? Variable(EnvironmentNames.VaultClientCertificate),
            Options.ClientKey ?? Variable(EnvironmentNames.VaultClientKey),
            // A token that goes to this machine in the clear goes through nobody else.
            UsesProxy: parsed.IsEncrypted);
        name ??= Options.Namespace ?? Variable(EnvironmentNames.VaultNamespace);
        if (name?.Any(c => c is < ' ' or > '~') == true)
        {
            why = "the namespace holds characters that no header takes";
            return null;
        }

        return new VaultServer(parsed, name?.Trim('/') is { Length: > 0 } trimmed ? trimmed : null, trust);
    }

    /// <summary>The token in the daemon's own environment, anew each time: nothing of it is kept here.</summary>
    public SecretValue? EnvironmentToken()
    {
        if (Variable(EnvironmentNames.VaultToken) is not { } text)
            return null;
        using var bytes = new SecretBuffer();
        bytes.Advance(Encoding.UTF8.GetBytes(text, bytes.Room(Encoding.UTF8.GetMaxByteCount(text.Length))));
        return Trimmed(bytes.Bytes);
    }

    /// <summary>
    /// The token that somebody's <c>vault login</c> has left in the home directory; null where there is none.
    /// </summary>
    public SecretValue? FileToken()
    {
        if (Environment.GetValueOrDefault(EnvironmentNames.Home) is not { Length: > 0 } home)
            return null;
        using var bytes = CredentialFile.TryRead(Path.Combine(home, ".vault-token"), MostTokenBytes);
        return bytes is null ? null : Trimmed(bytes.Bytes);
    }

    private static SecretValue? Trimmed(ReadOnlySpan<byte> token) =>
        token.Trim(" \t\r\n"u8) is { IsEmpty: false } trimmed ? SecretValue.CopyOf(trimmed) : null;

    private string? Variable(string name) => (Name == "bao" ? Own(EnvironmentNames.OfBao(name)) : null) ?? Own(name);

    private string? Own(string name) => Environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
