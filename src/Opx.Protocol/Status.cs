using System.Text.Json;

namespace Opx.Protocol;

/// <summary>The answer to <c>GET /v1/status</c>. Nothing of it is secret.</summary>
/// <param name="Hits">Reads answered from the cache.</param>
/// <param name="Misses">Reads that started a backend call.</param>
/// <param name="Coalesced">Reads that joined another's backend call.</param>
/// <param name="Batches">Batches handed to backends.</param>
/// <param name="PolicyPath">Null where there is no policy file.</param>
/// <param name="PolicyFault">File, line and reason, where the policy file is invalid and every read is refused.</param>
/// <param name="InFlight">References a backend is being asked for now.</param>
public sealed record StatusResponse(
    string Backend,
    string Version,
    long UptimeSeconds,
    int CacheSize,
    long Hits,
    long Misses,
    long Coalesced,
    long Batches,
    int InFlight,
    int TtlSeconds,
    string SocketPath,
    string? PolicyPath,
    int PolicyRuleCount,
    string? PolicyFault,
    SessionStatus Session,
    IReadOnlyList<BackendStatus> Backends)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("backend", Backend);
        writer.WriteString("version", Version);
        writer.WriteNumber("uptime_seconds", UptimeSeconds);
        writer.WriteNumber("cache_size", CacheSize);
        writer.WriteNumber("hits", Hits);
        writer.WriteNumber("misses", Misses);
        writer.WriteNumber("in_flight", InFlight);
        writer.WriteNumber("ttl_seconds", TtlSeconds);
        writer.WriteString("socket_path", SocketPath);
        if (PolicyPath is not null)
            writer.WriteString("policy_path", PolicyPath);
        writer.WriteNumber("policy_rule_count", PolicyRuleCount);
        if (PolicyFault is not null)
            writer.WriteString("policy_fault", PolicyFault);
        writer.WritePropertyName("session");
        Session.Write(writer);
        writer.WriteNumber("coalesced", Coalesced);
        writer.WriteNumber("batches", Batches);
        writer.WriteStartArray("backends");
        foreach (var backend in Backends)
            backend.Write(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

/// <summary>The session's part of the status.</summary>
/// <param name="TimeUntilLockSeconds">0 where it is locked or never locks.</param>
public sealed record SessionStatus(string State, long IdleTimeoutSeconds, long TimeUntilLockSeconds, bool Enabled)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("state", State);
        writer.WriteNumber("idle_timeout_seconds", IdleTimeoutSeconds);
        writer.WriteNumber("time_until_lock_seconds", TimeUntilLockSeconds);
        writer.WriteBoolean("enabled", Enabled);
        writer.WriteEndObject();
    }
}

/// <summary>One backend's health.</summary>
/// <param name="State"><c>ready</c>, <c>unavailable</c> (the circuit is open), <c>rate_limited</c> or <c>not_configured</c>.</param>
/// <param name="Detail">What is wrong and what to do, where something is.</param>
/// <param name="Calls">Calls made: processes for 1Password, requests for Vault.</param>
/// <param name="CallsLastHour">Calls in the last hour, to hold against an hourly quota.</param>
/// <param name="CallsLastDay">Calls in the last 24 hours, to hold against a daily quota.</param>
/// <param name="ReferencesLastDay">References asked for in the last 24 hours: what 1Password counts as reads.</param>
public sealed record BackendStatus(
    string Name, string State, string? Detail, long Calls, long CallsLastHour, long CallsLastDay, long ReferencesLastDay)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        writer.WriteString("state", State);
        if (Detail is not null)
            writer.WriteString("detail", Detail);
        writer.WriteNumber("calls", Calls);
        writer.WriteNumber("calls_last_hour", CallsLastHour);
        writer.WriteNumber("calls_last_day", CallsLastDay);
        writer.WriteNumber("references_last_day", ReferencesLastDay);
        writer.WriteEndObject();
    }
}
