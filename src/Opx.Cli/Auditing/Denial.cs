using Opx.Protocol.Files;

namespace Opx.Cli.Auditing;

/// <summary>What one caller was refused of one reference, however often.</summary>
/// <param name="Process">The caller's executable; null where it could not be identified.</param>
internal sealed record Denial(string? Process, string? Script, string Reference)
{
    public long Count { get; private set; }

    public DateTimeOffset Last { get; private set; }

    /// <summary>Why, the last time.</summary>
    public string? Reason { get; private set; }

    /// <summary>Denials by caller and reference, the newest first.</summary>
    public static IReadOnlyList<Denial> Of(IEnumerable<AuditRecord> records)
    {
        var found = new Dictionary<(string?, string?, string), Denial>();
        foreach (var record in records)
        {
            if (record.Content is not { Event: AuditEvents.AccessDecision, Decision: AuditEvent.Deny, Reference: { } reference } content)
                continue;
            var key = (content.Peer?.Path, content.Peer?.Script, reference);
            if (!found.TryGetValue(key, out var denial))
                found[key] = denial = new Denial(key.Path, key.Script, reference);
            denial.Add(record);
        }

        return [.. found.Values.OrderByDescending(denial => denial.Last)];
    }

    private void Add(AuditRecord record)
    {
        Count++;
        if (record.Timestamp < Last)
            return;
        (Last, Reason) = (record.Timestamp, record.Content.Reason);
    }
}
