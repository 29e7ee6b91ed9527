namespace Opx.Protocol.Files;

/// <summary>What happened, as it is to stand in the audit log. Never a value, a token or an argument list.</summary>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
public sealed record AuditEvent(string Event)
{
    /// <summary>Finds the request in the daemon's log and in a problem.</summary>
    public string? RequestId { get; init; }

    public AuditPeer? Peer { get; init; }

    public string? Reference { get; init; }

    /// <summary>The account that was asked for, where one was named.</summary>
    public string? Account { get; init; }

    /// <summary><see cref="Allow"/> or <see cref="Deny"/>, where something was decided.</summary>
    public string? Decision { get; init; }

    /// <summary>The rule that decided, or why it happened.</summary>
    public string? Reason { get; init; }

    /// <summary>The policy file that decided.</summary>
    public string? PolicyPath { get; init; }

    /// <summary>What it came to: <c>cache</c>, <c>backend</c>, an error code, …</summary>
    public string? Outcome { get; init; }

    public const string Allow = "ALLOW";
    public const string Deny = "DENY";

    /// <summary>The outcome of a record in which the daemon says what it found wrong with its own log.</summary>
    public const string LogDamaged = "log_damaged";
}

/// <summary>The kinds of events.</summary>
public static class AuditEvents
{
    public const string AccessDecision = "ACCESS_DECISION";
    public const string Authentication = "AUTHENTICATION";
    public const string Session = "SESSION";
    public const string Policy = "POLICY";
    public const string Cache = "CACHE";
    public const string Login = "LOGIN";
    public const string Daemon = "DAEMON";

    /// <summary>No event but a signature of all that stands above it.</summary>
    public const string Checkpoint = "CHECKPOINT";
}

/// <summary>Who asked, as it stands in a record.</summary>
/// <param name="ProcessId">The process at the other end of the connection.</param>
/// <param name="Path">The caller's executable; null where it could not be established.</param>
/// <param name="Via">The client the caller asked through, where it did not dial the socket itself.</param>
/// <param name="Script">The script an interpreter runs.</param>
public sealed record AuditPeer(int ProcessId, string? Path, uint UserId, uint GroupId, string? Via = null, string? Script = null);
