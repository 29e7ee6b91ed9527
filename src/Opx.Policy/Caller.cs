namespace Opx.Policy;

/// <summary>Everything a rule can look at. Who cannot be identified is refused before a policy is asked.</summary>
/// <remarks>What costs something is a function that is asked only when a rule wants to know, and at most once per decision. For one
/// caller it must always give the same answer: <see cref="AccessPolicy.Decide"/> is pure for equal inputs.</remarks>
public sealed record Caller
{
    /// <summary>Stands in <see cref="Parents"/> for an ancestor whose executable the system does not tell. It may be any program: an
    /// <c>allow</c> rule that wants to know does not match, a <c>deny</c> rule does.</summary>
    public const string Unreadable = "";

    public required int ProcessId { get; init; }

    public required uint UserId { get; init; }

    public required uint GroupId { get; init; }

    /// <summary>The executable as the kernel names it, symbolic links resolved. Null where it could not be established: then an
    /// <c>allow</c> rule that wants to know does not match, and a <c>deny</c> rule does.</summary>
    public required string? Path { get; init; }

    /// <summary>The script that an interpreter runs, resolved; null where there is none.</summary>
    public string? Script { get; init; }

    /// <summary>The executables of the ancestors, nearest first, the caller's own not among them.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>SHA-256, in hex, of the content of the inode that runs; null where it cannot be established.</summary>
    public Func<string?> ContentSha256 { get; init; } = static () => null;

    /// <summary>What <c>codesign</c> says of the executable (macOS); null where it cannot be established, as everywhere else.</summary>
    public Func<CodeSignature?> Signature { get; init; } = static () => null;
}

/// <summary>The signature of an executable.</summary>
/// <param name="IsValid">It is signed, and nothing was changed since.</param>
/// <param name="TeamId">Who signed it, where that is said.</param>
public sealed record CodeSignature(bool IsValid, string? TeamId);
