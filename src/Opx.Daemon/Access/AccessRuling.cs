using Opx.Daemon.Identity;
using Opx.Protocol;

namespace Opx.Daemon.Access;

/// <summary>What was decided about one reference.</summary>
/// <param name="Refusal">What the caller is told; null where it may read.</param>
/// <param name="Reason">What decided: <c>rule 1</c>, <c>default_deny</c>, …</param>
internal readonly record struct AccessVerdict(Problem? Refusal, string Reason);

/// <summary>What was decided about the references of one request.</summary>
/// <param name="who">The caller, or why it is not known; null where nobody wanted to know.</param>
/// <param name="policyPath">The file that decided; null where there is none.</param>
internal sealed class AccessRuling(Identification? who, string? policyPath, AccessVerdict all, AccessVerdict[]? each = null)
{
    private static readonly AccessVerdict Free = new(null, "no policy");
    private static readonly AccessRuling Nobody = new(null, null, Free);

    public Identification? Who => who;

    public string? PolicyPath => policyPath;

    public AccessVerdict this[int reference] => each is null ? all : each[reference];

    public static AccessRuling NoPolicy(Identification? who) => who is null ? Nobody : new(who, null, Free);
}
