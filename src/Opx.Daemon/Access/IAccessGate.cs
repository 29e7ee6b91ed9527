using Opx.Daemon.Identity;
using Opx.Protocol;

namespace Opx.Daemon.Access;

/// <summary>Decides for one caller and one reference, before cache and flight are asked.</summary>
internal interface IAccessGate
{
    /// <summary>Null where the caller may read the reference, else why not.</summary>
    Problem? Refusal(Peer caller, SecretReference reference);
}

/// <summary>Without a policy file everything of the same user is allowed.</summary>
internal sealed class AllowSameUser : IAccessGate
{
    public Problem? Refusal(Peer caller, SecretReference reference) => null;
}
