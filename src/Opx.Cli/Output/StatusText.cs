using System.Text;
using System.Text.Json;
using Opx.Protocol;

namespace Opx.Cli.Output;

/// <summary>The status for people. Leaves out what the daemon does not say, for another version may say less.</summary>
internal static class StatusText
{
    public static string Of(JsonElement status)
    {
        var text = new StringBuilder();
        text.Append("opx-authd ").Append(Text(status, "version")).Append(" is running, for ")
            .Append(Duration(Number(status, "uptime_seconds"))).Append('\n');
        Row(text, "backend", Text(status, "backend"));
        Row(text, "cache", Cache(status));
        if (status.TryGetProperty("disk_cache_key", out var key) && key.ValueKind == JsonValueKind.String)
            Row(text, "on disk", OnDisk(status));
        if (status.TryGetProperty("stale_while_revalidate", out var stale) && stale.ValueKind == JsonValueKind.Object)
            Row(text, "stale", Stale(stale));
        if (status.TryGetProperty("session", out var session))
            Row(text, "session", Session(session));
        if (status.TryGetProperty("follows_desktop", out var follows) && follows.ValueKind is JsonValueKind.True or JsonValueKind.False)
            Row(text, "desktop", follows.GetBoolean() ? "the session locks with it" : "NOT WATCHED: the session does not lock with it, see the daemon's log");
        Row(text, "policy", Policy(status));
        Row(text, "socket", Text(status, "socket_path"));
        if (status.TryGetProperty("backends", out var backends) && backends.ValueKind == JsonValueKind.Array)
        {
            foreach (var backend in backends.EnumerateArray())
            {
                Row(text, Text(backend, "name"), Backend(backend));
                if (LoginText.Place(backend) is { Length: > 0 } place)
                    Row(text, "", place);
                if (backend.TryGetProperty("login", out var login) && login.ValueKind == JsonValueKind.Object)
                    Row(text, "", LoginText.Of(login, isShort: false));
            }
        }

        return text.ToString();
    }

    /// <summary>In the two largest units: <c>2d 3h</c>, <c>1h 30m</c>, <c>45s</c>.</summary>
    public static string Duration(long seconds) => seconds switch
    {
        < 60 => $"{seconds}s",
        < 3600 => $"{seconds / 60}m {seconds % 60}s",
        < 86400 => $"{seconds / 3600}h {seconds % 3600 / 60}m",
        _ => $"{seconds / 86400}d {seconds % 86400 / 3600}h",
    };

    private static string Cache(JsonElement status)
    {
        var ttl = Number(status, "ttl_seconds");
        var kept = ttl == 0 ? "caching is off" : $"kept for {Duration(ttl)}";
        return $"{Count.Of(Number(status, "cache_size"), "value")}, {kept}; {Count.Of(Number(status, "hits"), "hit")}, "
            + $"{Count.Of(Number(status, "misses"), "miss", "misses")}, "
            + $"{Number(status, "coalesced")} coalesced, {Number(status, "in_flight")} in flight";
    }

    private static string OnDisk(JsonElement status) =>
        status.TryGetProperty("disk_cache_fault", out var fault) && fault.ValueKind == JsonValueKind.String
            ? "NOT AS IT SHOULD BE: " + Text(status, "disk_cache_fault")
            : "sealed; the key is in the " + Text(status, "disk_cache_key").Replace('_', ' ');

    private static string Stale(JsonElement stale)
    {
        var answered = $"values are answered up to {Duration(Number(stale, "seconds"))} past their time while they are read anew; ";
        var failed = $"{Count.Of(Number(stale, "refreshes_failed"), "refresh", "refreshes")} failed";
        return stale.TryGetProperty("last_failure", out _) ? $"{answered}{failed}, the last with {Text(stale, "last_failure")}" : answered + failed;
    }

    private static string Session(JsonElement session)
    {
        var state = Text(session, "state");
        if (state == "locked")
            return "locked: 'opx unlock' ends it";
        if (session.TryGetProperty("enabled", out var enabled) && enabled.ValueKind == JsonValueKind.False)
            return $"{state}, never locks by itself";
        var left = Number(session, "time_until_lock_seconds");
        return left > 0 ? $"{state}, locks in {Duration(left)} without a read" : state;
    }

    private static string Policy(JsonElement status) =>
        status.TryGetProperty("policy_fault", out var fault) && fault.ValueKind == JsonValueKind.String
            ? $"INVALID, every read is refused: {Text(status, "policy_fault")}"
            : status.TryGetProperty("policy_path", out _) && !(status.TryGetProperty("policy_exists", out var exists) && exists.ValueKind == JsonValueKind.False)
            ? $"{Count.Of(Number(status, "policy_rule_count"), "rule")} in {Text(status, "policy_path")}"
            : "none";

    private static string Backend(JsonElement backend)
    {
        var detail = backend.TryGetProperty("detail", out _) ? $" ({Text(backend, "detail")})" : "";
        return $"{Text(backend, "state")}{detail}; {Count.Of(Number(backend, "calls"), "call")}, "
            + $"{Number(backend, "calls_last_hour")} in the last hour, "
            + $"{Number(backend, "calls_last_day")} in the last day for {Count.Of(Number(backend, "references_last_day"), "reference")}";
    }

    private static void Row(StringBuilder text, string name, string value) =>
        text.Append("  ").Append(name.PadRight(9)).Append(' ').Append(value).Append('\n');


    private static long Number(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number) ? number : 0;

    private static string Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? Printable.Text(value.GetString()!) : "?";
}
