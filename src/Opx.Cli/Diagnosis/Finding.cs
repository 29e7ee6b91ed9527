namespace Opx.Cli.Diagnosis;

/// <summary>How a check came out.</summary>
internal enum Verdict
{
    Good,

    /// <summary>Worth knowing, nothing to mend.</summary>
    Note,

    /// <summary>Something does not work, or is less safe than it should be.</summary>
    Fault,
}

/// <summary>One check of <c>opx doctor</c>.</summary>
/// <param name="Check">What was looked at, as a short name that stays.</param>
/// <param name="Reason">What was found.</param>
/// <param name="Mend">The command that mends it, or the words that say how.</param>
/// <param name="Fix">Mends it, where opx can; says what it did.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Reason, string? Mend = null, Func<string>? Fix = null)
{
    public static Finding Good(string check, string reason) => new(check, Verdict.Good, reason);

    public static Finding Note(string check, string reason, string? mend = null) => new(check, Verdict.Note, reason, mend);

    public static Finding Fault(string check, string reason, string? mend, Func<string>? fix = null) => new(check, Verdict.Fault, reason, mend, fix);
}
