using Opx.Daemon.Identity;
using Opx.Daemon.Interop;
using Opx.Policy;

namespace Opx.Daemon.Access;

/// <summary>
/// What identifies one version of the policy file: its stamp, and of its directory what decides whether the file is to be trusted there.
/// Null where it does not exist.
/// </summary>
internal readonly record struct PolicyVersion(FileStamp? File, (ulong Device, ulong Inode, uint Mode, uint Owner)? Directory)
{
    public static PolicyVersion Of(string path, string directory) => new(
        FileStamp.OfItself(path),
        FileStamp.OfItself(directory) is { } status ? (status.Device, status.Inode, status.Mode, status.Owner) : null);
}

/// <summary>The policy as it was read last.</summary>
/// <param name="Content">The file's bytes; null where there is no file.</param>
/// <param name="Policy">Null where there is no file, or none that is valid.</param>
/// <param name="Fault">Why every read is refused; null where none is for this reason.</param>
/// <param name="IsSettled">False where the file was changed so shortly before that a further change might not show in its change
/// time.</param>
internal sealed record PolicyState(
    PolicyVersion Version, byte[]? Content, AccessPolicy? Policy, PolicyFault? Fault, IReadOnlyList<PolicyFault> Warnings, bool IsSettled)
{
    public bool Exists => Policy is not null || Fault is not null;

    public int RuleCount => Policy?.Document.RuleCount ?? 0;

    /// <summary>What its rules ask about a caller.</summary>
    public IdentityNeeds Needs { get; } = NeedsOf(Policy?.Document) | (Fault is null ? IdentityNeeds.None : IdentityNeeds.Program);

    /// <summary>True where a rule wants the hash of a program's content.</summary>
    public bool AsksForContent { get; } = Policy is { } policy && Rules(policy.Document).Any(rule => rule.Sha256 is not null);

    private static IdentityNeeds NeedsOf(PolicyDocument? document)
    {
        if (document is null)
            return IdentityNeeds.None;
        var needs = IdentityNeeds.Program | IdentityNeeds.Still;
        foreach (var rule in Rules(document))
        {
            if (rule.Parents.Count > 0 || rule.ForbiddenParents.Count > 0)
                needs |= IdentityNeeds.Ancestors;
            if (rule.Script is not null)
                needs |= IdentityNeeds.Script;
        }

        return needs;
    }

    private static IEnumerable<PolicyRule> Rules(PolicyDocument document) => document.Deny.Concat(document.Allow);
}
