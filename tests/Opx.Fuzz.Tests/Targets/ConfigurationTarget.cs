using System.Text;
using Opx.Daemon.Options;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Plain;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary><c>config.json</c>: taken where the plain table takes it, within every bound, and refused with file and reason otherwise.</summary>
internal sealed class ConfigurationTarget() : Target("config", 8)
{
    private static readonly DaemonOptions Default = new() { Paths = new OpxPaths("/c", "/d", "/r", "/r/s", false) };

    public override byte[] Generate(Choices choices) => JsonMaker.Document(choices, maker => maker.Object(
        Member(maker, choices), Member(maker, choices), Member(maker, choices), ("vault", () => Vault(maker, choices))));

    public override void Check(byte[] input)
    {
        DaemonOptions options;
        try
        {
            options = ConfigurationFile.Apply(input, "/etc/c.json", Default);
        }
        catch (OptionsException refusal)
        {
            Oracle.IsFit(refusal.Message, input);
            Oracle.Holds(refusal.Message.StartsWith("/etc/c.json", StringComparison.Ordinal), $"no file in '{refusal.Message}'");
            Oracle.Holds(!PlainConfiguration.IsGood(input), $"refused without a reason: {refusal.Message}");
            return;
        }

        Oracle.Holds(PlainConfiguration.IsGood(input), "taken, and should not be");
        foreach (var time in (TimeSpan[])[options.TimeToLive, options.SessionIdleTimeout, options.StaleWhileRevalidate, options.Limits.HeadersTimeout, options.Limits.IdleTimeout])
            Oracle.Holds(time >= TimeSpan.Zero && time <= OptionValues.LongestDuration, $"a duration of {time}");
        foreach (var path in (string?[])[options.OpPath, options.PolicyPath, options.Paths.SocketPath, options.Vault.CaCert, options.Bao.ClientKey, .. options.TrustedClients])
            Oracle.Holds(path is null || (path.StartsWith('/') && !path.Contains('\0')), $"the path '{path}'");
        Oracle.Holds(options.Limits is { Connections: >= 16 and <= 65_536, CacheBytes: >= 0 and <= 1L << 32, BackendReadsBurst: >= 1 }, $"limits {options.Limits}");
        Oracle.Holds(Encoding.UTF8.GetByteCount($"{options}") > 0 && !$"{options}".Contains(Secret.Text, StringComparison.Ordinal), "a secret among the options");
    }

    private static (string, Action) Member(JsonMaker maker, Choices choices)
    {
        var name = choices.Of(
            "backend", "ttl", "session_timeout", "session_idle_timeout", "enable_session_lock", "disk_cache", "stale_while_revalidate", "enable_audit_log", "audit_log_retention_days",
            "verbose", "sock", "executable_paths", "policy", "trusted_clients", "limits", "check_interval", "bao", "lock_on_auth_failure", "lock_with_desktop");
        return (name, name switch
        {
            "backend" => () => maker.String(choices.Of("opcli", "vault", "bao", "multi", "fake", "Fake")),
            "ttl" or "session_timeout" or "session_idle_timeout" or "stale_while_revalidate" or "check_interval" => () => Duration(maker, choices),
            "audit_log_retention_days" => () => maker.Number(choices.Of(0, 30, 36_500, 36_501)),
            "sock" or "policy" => () => Path(maker, choices),
            "executable_paths" => () => maker.Object((choices.Of("op", "vault", "bao", "sh"), () => Path(maker, choices))),
            "trusted_clients" => () => maker.Array(2, () => Path(maker, choices)),
            "limits" => () => maker.Object(
                (choices.Of("connections", "cache_bytes", "backend_reads_burst", "backend_reads_per_second"), () => maker.Number(choices.Of(0, 15, 16, 1, 65_536, 65_537, 1_000_001))),
                (choices.Of("headers_timeout", "idle_timeout"), () => Duration(maker, choices))),
            "bao" => () => Vault(maker, choices),
            _ => maker.Boolean,
        });
    }

    private static void Vault(JsonMaker maker, Choices choices)
    {
        var method = choices.Of("token", "userpass", "approle", "kubernetes", "jwt", "cert", "oidc", "ldap");
        maker.Object(
            ("address", () => maker.String(choices.Of("https://v:8200", "x"))), (choices.Of("namespace", "ca_cert", "client_cert", "client_key"), () => Path(maker, choices)),
            ("auth", () => maker.Object(("method", () => maker.String(method)), Credential(maker, choices, method), Credential(maker, choices, method))));
    }

    private static (string, Action) Credential(JsonMaker maker, Choices choices, string method)
    {
        string[] wanted = [.. LoginMethods.Required(method), .. LoginMethods.Optional(method)];
        var name = wanted.Length > 0 && choices.Chance(80) ? wanted[choices.Below(wanted.Length)] + "_ref" : choices.Of("mount", "role", "jwt_file", "client_cert", "password_ref", "jwt_ref");
        return (name, () => maker.String(name == "jwt_file" ? "/run/jwt" : name.EndsWith("_ref", StringComparison.Ordinal) && choices.Chance(20) ? Secret.Text : Words.GoodReference(choices)));
    }

    private static void Duration(JsonMaker maker, Choices choices)
    {
        if (choices.Chance(50))
            maker.String(choices.Of("90s", "8h", "1w2d", "", "5", "99999d", "1h1h", "999999999w"));
        else
            maker.Literal(choices.Of("0", "8", "120", "999999", "1000000", "28800000000000", "9223372036854775807", "-1", "1.5", "315360000000000000", "315360000000000001"));
    }

    private static void Path(JsonMaker maker, Choices choices) => maker.String(choices.Chance(20) ? "/" + Words.Text(choices) : choices.Of("/run/x", "/opt/op", "relative", ""));
}
