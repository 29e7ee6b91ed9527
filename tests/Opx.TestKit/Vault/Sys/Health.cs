using System.Text;

namespace Opx.TestKit.Vault.Sys;

/// <summary><c>sys/health</c> (http/sys_health.go, api-docs/system/health): 200 active, 429 standby, 472 disaster recovery, 473 performance standby,
/// 503 sealed.</summary>
internal static class Health
{
    public static VaultAnswer Answer(VaultCore core, VaultCall call)
    {
        _ = call;
        return Answer(core, core.IsSealed ? 503 : 200);
    }

    public static VaultAnswer Answer(VaultCore core, int status)
    {
        var text = new StringBuilder();
        text.Append("{\"initialized\":true,\"sealed\":").Append(Word(status == 503)).Append(",\"standby\":").Append(Word(status is 429 or 473 or 503));
        if (!core.IsBao)
        {
            text.Append(",\"performance_standby\":").Append(Word(status == 473)).Append(",\"replication_performance_mode\":\"")
                .Append(status == 503 ? "unknown" : "disabled").Append("\",\"replication_dr_mode\":\"")
                .Append(status switch { 503 => "unknown", 472 => "secondary", _ => "disabled" }).Append('"');
        }

        text.Append(",\"server_time_utc\":").Append(core.Tokens.Now.ToUnixTimeSeconds()).Append(",\"version\":\"").Append(core.Version).Append('"');
        if (status != 503)
            text.Append(",\"cluster_name\":\"vault-cluster-0a1b2c3d\",\"cluster_id\":\"7f3b1c52-3f0c-4c6e-9c0e-0c6d2f9f2b11\"");
        return new VaultAnswer(status) { Raw = Encoding.UTF8.GetBytes(text.Append("}\n").ToString()) };
    }

    private static string Word(bool value) => value ? "true" : "false";
}
