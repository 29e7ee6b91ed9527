namespace Opx.TestKit.Vault.Sys;

/// <summary>What lies below <c>sys/</c>, by its first word.</summary>
internal sealed class SystemMount(VaultCore core) : IVaultMount
{
    private readonly MountEndpoints _mounts = new(core);
    private readonly LeaseEndpoints _leases = new(core);
    private readonly Wrapping _wrapping = new(core);

    public string Type => "system";

    // internal/ui/mounts/PATH looks at the token itself: what it refuses, it refuses in words of its own. unwrap's token is the wrapping one.
    public bool IsOpen(string rest) => rest is "health" or "seal-status" or "wrapping/unwrap" or "wrapping/lookup"
        || rest.StartsWith("internal/ui/mounts", StringComparison.Ordinal);

    public VaultAnswer Handle(VaultCall call) => (call.Segments, call.Method) switch
    {
        (["health"], _) => Health.Answer(core, call),
        (["seal"], "POST") => Seal(),
        (["internal", "ui", "mounts", ..], "GET") => _mounts.ForUser(call),
        (["mounts", ..] or ["auth", ..], _) => _mounts.Handle(call),
        (["policies", "acl", ..] or ["policy", ..], _) => PolicyEndpoints.Handle(core.Namespace(call.Namespace)!, call),
        (["wrapping", ..], "POST") => _wrapping.Handle(call),
        (["leases", ..], _) => _leases.Handle(call),
        (["namespaces", ..], _) => NamespaceEndpoints.Handle(core, call),
        _ => VaultAnswer.Failure(404, "1 error occurred:\n\t* unsupported path\n\n"),
    };

    private VaultAnswer Seal()
    {
        core.IsSealed = true;
        return VaultAnswer.NoContent;
    }
}
