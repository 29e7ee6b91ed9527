namespace Opx.TestKit.Vault;

/// <summary>What is mounted at a path: a secrets engine or an auth method.</summary>
internal interface IVaultMount
{
    /// <summary>As in <c>sys/mounts</c>.</summary>
    string Type { get; }

    /// <summary>True for paths that are answered without a token.</summary>
    bool IsOpen(string rest) => false;

    VaultAnswer Handle(VaultCall call);
}

/// <summary>A mount with what <c>sys/mounts</c> tells about it.</summary>
/// <param name="Path">With a slash at its end, and for a method without <c>auth/</c>.</param>
internal sealed record MountEntry(string Path, IVaultMount Mount, string Description, string? Version)
{
    public string Accessor { get; } = $"{Path.TrimEnd('/').Replace('/', '_')}_{Fresh.Hex(8)}";

    public string Uuid { get; } = Guid.NewGuid().ToString();
}
