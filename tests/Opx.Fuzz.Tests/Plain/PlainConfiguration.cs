using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opx.Fuzz.Tests.Plain;

/// <summary>Which <c>config.json</c> is one, once more, from a whole document and the manual page's table.</summary>
internal static class PlainConfiguration
{
    private static readonly string[] Credentials = ["token", "username", "password", "role_id", "secret_id", "wrapped_secret_id", "jwt"];

    public static bool IsGood(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 8 });
            return AreAll(document.RootElement, IsMember);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsMember(string name, JsonElement value) => name switch
    {
        "backend" => value.GetString() is "opcli" or "vault" or "bao" or "multi" or "fake",
        "ttl" or "stale_while_revalidate" or "check_interval" => IsDuration(value, 1),
        "session_timeout" or "session_idle_timeout" => IsDuration(value, 3_600),
        "enable_session_lock" or "lock_on_auth_failure" or "lock_with_desktop" or "disk_cache" or "enable_audit_log" or "verbose" =>
            value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "audit_log_retention_days" => IsNumber(value, 0, 36_500),
        "sock" or "policy" => IsPath(value),
        "trusted_clients" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsPath),
        "executable_paths" => AreAll(value, (program, path) => program is "op" or "vault" or "bao" && IsPath(path)),
        "limits" => AreAll(value, (limit, amount) => limit switch
        {
            "connections" => IsNumber(amount, 16, 65_536),
            "headers_timeout" or "idle_timeout" => IsDuration(amount, 1),
            "cache_bytes" => IsNumber(amount, 0, 1L << 32),
            "backend_reads_burst" or "backend_reads_per_second" => IsNumber(amount, 1, 1_000_000),
            _ => false,
        }),
        "vault" or "bao" => AreAll(value, (member, setting) => member switch
        {
            "address" or "namespace" => setting.GetString() is not null,
            "ca_cert" or "client_cert" or "client_key" => IsPath(setting),
            "auth" => IsLogin(setting),
            _ => false,
        }),
        _ => false,
    };

    private static bool IsLogin(JsonElement auth)
    {
        var given = new List<string>();
        if (!AreAll(auth, (name, value) =>
            {
                given.Add(name);
                return name switch
                {
                    "mount" => value.GetString() is { } mount && PlainBodies.IsMount(mount),
                    "method" or "role" => value.GetString() is not null,
                    "jwt_file" or "client_cert" or "client_key" => IsPath(value),
                    _ => name.EndsWith("_ref", StringComparison.Ordinal) && Credentials.Contains(name[..^4])
                        && Regex.IsMatch(value.GetString()!, @"\A(op|vault|bao)://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)
                        && Protocol.SecretReference.Parse(value.GetString()!, out _) is not null,
                };
            }) || !auth.TryGetProperty("method", out var method))
        {
            return false;
        }

        string[] refs = [.. given.Where(name => name.EndsWith("_ref", StringComparison.Ordinal)).Select(name => name[..^4])];
        bool Takes(params string[] names) => refs.All(names.Contains);
        bool Has(string name) => refs.Contains(name) || (name == "jwt" && given.Contains("jwt_file"));
        return (!given.Contains("jwt_file") || method.GetString() is "jwt" or "kubernetes") && method.GetString() switch
        {
            "token" => Takes("token") && Has("token"),
            "userpass" => Takes("username", "password") && Has("username") && Has("password"),
            "approle" => Takes("role_id", "secret_id", "wrapped_secret_id") && Has("role_id") && !(Has("secret_id") && Has("wrapped_secret_id")),
            "jwt" => Takes("jwt") && Has("jwt"),
            "kubernetes" => Takes("jwt"),
            "cert" => refs.Length == 0,
            // What a person brings each time: settings may not hold it.
            "oidc" => refs.Length == 0,
            _ => false,
        };
    }

    private static bool IsDuration(JsonElement value, long unit)
    {
        const long longest = 3_650L * 86_400;
        if (value.ValueKind == JsonValueKind.Number)
            return value.TryGetInt64(out var number) && number >= 0 && (number >= 1_000_000 ? number / 100 <= longest * 10_000_000 : number * unit <= longest);
        var match = Regex.Match(value.GetString()!, @"\A(?:([0-9]{1,9})w)?(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?\z");
        long[] seconds = [604_800, 86_400, 3_600, 60, 1];
        return match is { Success: true, Length: > 0 } && seconds.Select((each, i) => match.Groups[i + 1].Success ? long.Parse(match.Groups[i + 1].Value) * each : 0).Sum() <= longest;
    }

    private static bool IsNumber(JsonElement value, long least, long most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most;

    private static bool IsPath(JsonElement value) => value.GetString()! is ['/', ..] path && !path.Contains('\0');

    private static bool AreAll(JsonElement element, Func<string, JsonElement, bool> isGood)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return false;
        var seen = new HashSet<string>();
        return element.EnumerateObject().All(member => seen.Add(member.Name) && member.Value.ValueKind != JsonValueKind.Null && isGood(member.Name, member.Value));
    }
}
