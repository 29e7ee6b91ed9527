using System.Text.Json;

namespace Opx.Protocol;

/// <summary>The answer to <c>GET /v1/status</c>. Nothing of it is secret.</summary>
/// <param name="Hits">Reads answered from the cache.</param>
/// <param name="Misses">Reads that started a backend call.</param>
/// <param name="Coalesced">Reads that joined another's backend call.</param>
/// <param name="Batches">Batches handed to backends.</param>
/// <param name="PolicyPath">Where the daemon looks for the policy, whether or not there is one.</param>
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
    string PolicyPath,
    bool PolicyExists,
    int PolicyRuleCount,
    string? PolicyFault,
    SessionStatus Session,
    IReadOnlyList<BackendStatus> Backends)
{
    /// <summary>The options of its command line: a restart keeps them.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Who keeps the key of the disk cache, <c>kernel_keyring</c> or <c>key_file</c>; null where it is off.</summary>
    public string? DiskCacheKey { get; init; }

    /// <summary>Why the disk cache is not on the disk as it should be, or something on it that should not be; null where all is well.</summary>
    public string? DiskCacheFault { get; init; }

    /// <summary>Whether the session locks with the desktop at this moment; null where it is not to.</summary>
    public bool? FollowsDesktop { get; init; }

    /// <summary>Null where values are not answered past their time.</summary>
    public StaleStatus? Stale { get; init; }

    /// <summary>Bytes that the daemon has asked its garbage collector for since it started: what requests cost, counted.</summary>
    public long AllocatedBytes { get; init; }

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
        writer.WriteString("policy_path", PolicyPath);
        writer.WriteBoolean("policy_exists", PolicyExists);
        writer.WriteNumber("policy_rule_count", PolicyRuleCount);
        if (PolicyFault is not null)
            writer.WriteString("policy_fault", PolicyFault);
        writer.WriteNumber("allocated_bytes", AllocatedBytes);
        writer.WritePropertyName("session");
        Session.Write(writer);
        writer.WriteNumber("coalesced", Coalesced);
        writer.WriteNumber("batches", Batches);
        writer.WriteStartArray("arguments");
        foreach (var argument in Arguments)
            writer.WriteStringValue(argument);
        writer.WriteEndArray();
        if (DiskCacheKey is not null)
            writer.WriteString("disk_cache_key", DiskCacheKey);
        if (DiskCacheFault is not null)
            writer.WriteString("disk_cache_fault", DiskCacheFault);
        if (FollowsDesktop is { } follows)
            writer.WriteBoolean("follows_desktop", follows);
        Stale?.Write(writer);
        writer.WriteStartArray("backends");
        foreach (var backend in Backends)
            backend.Write(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

/// <summary>Values that are answered past their time while they are read anew.</summary>
/// <param name="Seconds">How long past it.</param>
/// <param name="Failures">Refreshes that failed.</param>
/// <param name="LastFailure">Why the last one failed; null where it succeeded.</param>
/// <param name="LastFailureAtUnix">When that was.</param>
public sealed record StaleStatus(long Seconds, long Failures, Problem? LastFailure, long LastFailureAtUnix)
{
    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("stale_while_revalidate");
        writer.WriteNumber("seconds", Seconds);
        writer.WriteNumber("refreshes_failed", Failures);
        if (LastFailure is not null)
        {
            writer.WriteString("last_failure", $"{LastFailure.Code.Name()}: {LastFailure.Detail}");
            writer.WriteNumber("last_failure_at_unix", LastFailureAtUnix);
        }

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
    /// <summary>The server's address, for a backend that has one.</summary>
    public string? Address { get; init; }

    /// <summary>The namespace that is read, where one is set.</summary>
    public string? Namespace { get; init; }

    /// <summary>How opx is logged in there, for a backend that opx logs in to.</summary>
    public LoginStatus? Login { get; init; }

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
        if (Address is not null)
            writer.WriteString("address", Address);
        if (Namespace is not null)
            writer.WriteString("namespace", Namespace);
        if (Login is not null)
        {
            writer.WritePropertyName("login");
            Login.Write(writer);
        }

        writer.WriteEndObject();
    }
}

/// <summary>A backend's login, without a secret.</summary>
/// <param name="Method">As in <see cref="LoginMethods"/>.</param>
/// <param name="From">Where the credential comes from: <c>references</c>, <c>typed</c>, <c>environment</c>, <c>token_file</c>; a login that needs
/// none that opx keeps (a client certificate, a service account's file) counts as <c>references</c>.</param>
/// <param name="State"><c>signed_in</c>, <c>signed_out</c> (nothing tried yet, or forgotten) or <c>failing</c>.</param>
/// <param name="ExpiresInSeconds">The token's remaining life; null where it is not known or has no end.</param>
/// <param name="Renewable">Null where it is not known.</param>
/// <param name="Detail">What is wrong and what to do, where something is.</param>
public sealed record LoginStatus(
    string? Method, string? From, string State, long? ExpiresInSeconds = null, bool? Renewable = null, string? Detail = null)
{
    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Method is not null)
            writer.WriteString("method", Method);
        if (From is not null)
            writer.WriteString("from", From);
        writer.WriteString("state", State);
        if (ExpiresInSeconds is { } seconds)
            writer.WriteNumber("expires_in_seconds", seconds);
        if (Renewable is { } renewable)
            writer.WriteBoolean("renewable", renewable);
        if (Detail is not null)
            writer.WriteString("detail", Detail);
        writer.WriteEndObject();
    }
}
