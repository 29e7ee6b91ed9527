namespace Opx.Policy;

/// <summary>One rule. A field that is null, or empty, says nothing; all others must match.</summary>
public sealed record PolicyRule
{
    /// <summary>The references it is about, at least one; see <c>Matching/ReferencePattern</c>.</summary>
    public required IReadOnlyList<string> Refs { get; init; }

    /// <summary>The caller's executable, exact.</summary>
    public string? Path { get; init; }

    /// <summary>The caller's script, exact.</summary>
    public string? Script { get; init; }

    /// <summary>SHA-256 of the executable's content, in lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>SHA-256 of the path's UTF-8 bytes, in lower-case hex.</summary>
    public string? PathSha256 { get; init; }

    public int? ProcessId { get; init; }

    public uint? UserId { get; init; }

    public uint? GroupId { get; init; }

    /// <summary>At least one of these executables is among the ancestors.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>None of these executables is among the ancestors.</summary>
    public IReadOnlyList<string> ForbiddenParents { get; init; } = [];

    public bool RequireSigned { get; init; }

    public string? TeamId { get; init; }

    /// <summary>From this moment on the rule matches nothing.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public string? Description { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public string? CreatedBy { get; init; }

    /// <summary>Where it stands in the file, from 1; 0 for a rule that stands in none.</summary>
    public int Line { get; init; }

    /// <summary>True where it asks for what only macOS can tell.</summary>
    public bool AsksForSignature => RequireSigned || TeamId is not null;
}
