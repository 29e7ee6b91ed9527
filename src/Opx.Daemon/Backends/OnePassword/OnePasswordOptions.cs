namespace Opx.Daemon.Backends.OnePassword;

/// <param name="OpPath">The 1Password CLI, absolute; null where there is none.</param>
/// <param name="NotFoundReason">Where there is none: one line about why and what to do.</param>
/// <param name="Environment">The daemon's environment, whole; what of it <c>op</c> gets is decided by <see cref="OpEnvironment"/>.</param>
internal sealed record OnePasswordOptions(string? OpPath, string? NotFoundReason, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Without the environment, which holds tokens.</summary>
    public override string ToString() => $"op at {OpPath ?? "nowhere"}";
}
