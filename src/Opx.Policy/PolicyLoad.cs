using Opx.Protocol;

namespace Opx.Policy;

/// <summary>What is wrong with a policy file.</summary>
/// <param name="Line">From 1; 0 where it is about the file and not about a line of it.</param>
/// <param name="Reason">What is wrong and what to do. Safe to print, as is the whole of <see cref="ToString"/>.</param>
public sealed record PolicyFault(string File, int Line, string Reason)
{
    /// <summary><c>file:line: reason</c>.</summary>
    public override string ToString() => Line > 0 ? $"{Printable.Text(File)}:{Line}: {Reason}" : $"{Printable.Text(File)}: {Reason}";
}

/// <summary>A policy that was read: the document, or why there is none. Where there is a fault every read is refused.</summary>
/// <param name="Warnings">What the file says and cannot have the effect of, though it is valid.</param>
public sealed record PolicyLoad(PolicyDocument? Document, PolicyFault? Fault, IReadOnlyList<PolicyFault> Warnings);
