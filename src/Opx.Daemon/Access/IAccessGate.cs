using Opx.Daemon.Identity;
using Opx.Protocol;

namespace Opx.Daemon.Access;

/// <summary>Decides for one caller and each of its references, before cache and flight are asked.</summary>
internal interface IAccessGate
{
    /// <summary>How much about a caller has to be known at present, so that it can be looked at when it connects.</summary>
    IdentityNeeds Needs { get; }

    /// <summary>What holds now. Complete on return, unless something about the caller has to be found out that may block.</summary>
    ValueTask<AccessRuling> DecideAsync(Peer peer, IReadOnlyList<SecretReference> references);
}

/// <summary>Without a policy file everything of the same user is allowed.</summary>
internal sealed class AllowSameUser : IAccessGate
{
    public IdentityNeeds Needs => IdentityNeeds.None;

    public ValueTask<AccessRuling> DecideAsync(Peer peer, IReadOnlyList<SecretReference> references) => new(AccessRuling.NoPolicy(null));
}
