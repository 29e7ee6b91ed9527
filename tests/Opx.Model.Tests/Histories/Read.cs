namespace Opx.Model.Tests.Histories;

/// <summary>One request: who asks for what, from when to when.</summary>
/// <param name="Caller">Null for somebody who is not known.</param>
internal sealed record Read(string Id, string? Caller, IReadOnlyList<string> References, string? Account, bool Fresh, int Began, TimeSpan BeganAt)
{
    public CancellationTokenSource Leave { get; } = new();

    public bool HasLeft { get; set; }

    public int Ended { get; set; } = int.MaxValue;

    public bool IsUnderWay => Ended == int.MaxValue;

    public bool Wants(string reference, string? account) => Account == account && References.Contains(reference);

    public override string ToString() => $"{Id} by {Caller ?? "nobody"} of {string.Join(' ', References)}{(Account is null ? "" : $" in {Account}")}{(Fresh ? ", fresh" : "")}";
}

/// <summary>A moment, or a time from one to another, in which something happened that changes what may be answered.</summary>
/// <param name="Reference">What an invalidation is about; null for everything.</param>
internal readonly record struct Span(int Began, int Ended, string? Reference = null);
