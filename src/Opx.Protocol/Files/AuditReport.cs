namespace Opx.Protocol.Files;

/// <summary>What a check of the audit log came to.</summary>
/// <param name="Records">Lines that are records.</param>
/// <param name="Signatures">Checkpoints among them.</param>
/// <param name="Findings">What was found, in the order of the lines; the first hundred.</param>
/// <param name="Faults">Findings that are no mere remarks, all of them counted.</param>
public sealed record AuditReport(int Files, long Records, long Signatures, IReadOnlyList<AuditFinding> Findings, long Faults);

/// <summary>One thing that was found.</summary>
/// <param name="Line">From 1; 0 where it is about no line.</param>
/// <param name="IsFault">False for a remark: a torn line that took nothing with it, say.</param>
public sealed record AuditFinding(string File, int Line, string What, bool IsFault)
{
    /// <summary><c>FILE:LINE: WHAT</c></summary>
    public override string ToString() => Line == 0 ? $"{File}: {What}" : $"{File}:{Line}: {What}";
}
