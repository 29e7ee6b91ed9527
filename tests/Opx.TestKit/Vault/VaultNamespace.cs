namespace Opx.TestKit.Vault;

/// <summary>A namespace: mounts, methods and policies of its own (docs "enterprise/namespaces", and OpenBao since 2.3).</summary>
internal sealed class VaultNamespace(string path)
{
    private readonly Dictionary<string, MountEntry> _engines = [];
    private readonly Dictionary<string, MountEntry> _methods = [];

    /// <summary>Empty for the root.</summary>
    public string Path { get; } = path;

    public string Id { get; } = Fresh.Text(5);

    public AccessPolicies Policies { get; } = new();

    public IEnumerable<MountEntry> Engines => _engines.Values;

    public IEnumerable<MountEntry> Methods => _methods.Values;

    public bool Mount(string path, IVaultMount mount, string description = "", string? version = null) =>
        _engines.TryAdd(Normal(path), new MountEntry(Normal(path), mount, description, version));

    public bool Enable(string path, IVaultMount method, string description = "") =>
        _methods.TryAdd(Normal(path), new MountEntry(Normal(path), method, description, null));

    public bool Unmount(string path) => _engines.Remove(Normal(path));

    public bool Disable(string path) => _methods.Remove(Normal(path));

    /// <summary>The mount that a path lies under; <c>foo</c> also finds <c>foo/</c>.</summary>
    public MountEntry? Engine(string path) => Longest(_engines, path);

    /// <param name="path">Behind <c>auth/</c>.</param>
    public MountEntry? Method(string path) => Longest(_methods, path);

    private static MountEntry? Longest(Dictionary<string, MountEntry> mounts, string path) => mounts.Values
        .Where(entry => path.StartsWith(entry.Path, StringComparison.Ordinal) || path + "/" == entry.Path)
        .MaxBy(entry => entry.Path.Length);

    private static string Normal(string path) => path.Trim('/') + "/";
}
