using Opx.Policy;

namespace Opx.Daemon.Identity;

/// <summary>How much about a caller has to be known: reading it costs, so nobody reads what no rule asks for.</summary>
[Flags]
internal enum IdentityNeeds
{
    /// <summary>Neither a policy nor the audit log is on: the user is enough.</summary>
    None = 0,

    /// <summary>The caller and its program.</summary>
    Program = 1,

    /// <summary>The programs of all its ancestors.</summary>
    Ancestors = 2,

    /// <summary>The script that an interpreter runs.</summary>
    Script = 4,

    /// <summary>For each request anew, that the peer still runs the program it connected with. Decisions ask for it, records do not.</summary>
    Still = 8,
}

/// <summary>The program on whose behalf a peer asks.</summary>
/// <param name="Caller">Its script and its ancestors only where a rule asks for them. Its content hash is in <paramref
/// name="Content"/>.</param>
/// <param name="Via">The <c>opx</c> that asks for it; null where it asks itself.</param>
internal sealed record IdentifiedProcess(Caller Caller, string? Via, ProgramContent Content);

/// <summary>Who asks, or why that could not be established.</summary>
/// <param name="Fault">Where <paramref name="Process"/> is null: one line about it, without any text of its own.</param>
internal sealed record Identification(IdentifiedProcess? Process, string? Fault, IdentityNeeds Covers)
{
    public static Identification Failed(string fault) => new(null, fault, ~IdentityNeeds.None);
}
