using System.Text;
using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault;

/// <summary>
/// The envelope around every answer, members in the order of the Go structs. Looked up: hashicorp/vault sdk/logical/translate_response.go
/// (HTTPResponse, HTTPAuth, HTTPWrapInfo, HTTPSysInjector) and openbao/openbao of the same path: OpenBao has no <c>mount_type</c>, and
/// <c>mfa_self_enroll</c> in <c>auth</c>.
/// </summary>
internal static class AnswerText
{
    public static byte[] Of(VaultAnswer answer, string mountType, bool isBao)
    {
        var text = new StringBuilder();
        if (answer.Errors is { } errors)
        {
            text.Append("{\"errors\":");
            Strings(text, errors);
            return Finish(text.Append('}'));
        }

        text.Append('{');
        if (answer is { IsAlsoAtTop: true, Data: { } top })
        {
            foreach (var (name, value) in top.OrderBy(member => member.Key, StringComparer.Ordinal))
            {
                GoJson.String(text, name);
                text.Append(": ");
                GoJson.Map(text, value);
                text.Append(", ");
            }
        }

        text.Append("\"request_id\":\"").Append(Guid.NewGuid()).Append("\",\"lease_id\":");
        GoJson.String(text, answer.LeaseId);
        text.Append(",\"renewable\":").Append(answer.Renewable ? "true" : "false").Append(",\"lease_duration\":").Append(answer.LeaseDuration);
        text.Append(",\"data\":");
        GoJson.Map(text, answer.Data);
        text.Append(",\"wrap_info\":null,\"warnings\":");
        if (answer.Warnings is { Count: > 0 } warnings)
            Strings(text, warnings);
        else
            text.Append("null");
        text.Append(",\"auth\":");
        Auth(text, answer.Auth, isBao);
        MountType(text, mountType, isBao);
        return Finish(text.Append('}'));
    }

    /// <summary>The answer that stands for a wrapped one.</summary>
    public static byte[] Wrapped(VaultToken wrapping, string path, string? wrappedAccessor, bool isBao)
    {
        var text = new StringBuilder();
        text.Append("{\"request_id\":\"\",\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":null,\"wrap_info\":{\"token\":\"").Append(wrapping.Id)
            .Append("\",\"accessor\":\"").Append(wrapping.Accessor).Append("\",\"ttl\":").Append((long)wrapping.Ttl.TotalSeconds)
            .Append(",\"creation_time\":\"").Append(GoTime.Text(wrapping.CreatedAt)).Append("\",\"creation_path\":");
        GoJson.String(text, path);
        if (wrappedAccessor is not null)
            text.Append(",\"wrapped_accessor\":\"").Append(wrappedAccessor).Append('"');
        text.Append("},\"warnings\":null,\"auth\":null");
        MountType(text, "", isBao);
        return Finish(text.Append('}'));
    }

    private static void Auth(StringBuilder text, VaultToken? token, bool isBao)
    {
        if (token is null)
        {
            text.Append("null");
            return;
        }

        text.Append("{\"client_token\":\"").Append(token.Id).Append("\",\"accessor\":\"").Append(token.Accessor).Append("\",\"policies\":");
        Strings(text, token.Policies);
        text.Append(",\"token_policies\":");
        Strings(text, token.Policies);
        text.Append(",\"metadata\":");
        GoJson.Map(text, token.MetadataNode());
        text.Append(",\"lease_duration\":").Append((long)token.Ttl.TotalSeconds).Append(",\"renewable\":").Append(token.Renewable ? "true" : "false")
            .Append(",\"entity_id\":\"").Append(token.EntityId).Append("\",\"token_type\":\"").Append(token.Type)
            .Append("\",\"orphan\":").Append(token.IsOrphan ? "true" : "false").Append(",\"mfa_requirement\":null");
        if (isBao)
            text.Append(",\"mfa_self_enroll\":null");
        text.Append(",\"num_uses\":").Append(token.Uses).Append('}');
    }

    private static void MountType(StringBuilder text, string mountType, bool isBao)
    {
        if (!isBao)
            text.Append(",\"mount_type\":\"").Append(mountType).Append('"');
    }

    private static void Strings(StringBuilder text, IEnumerable<string> strings) =>
        GoJson.Map(text, new JsonArray([.. strings.Select(item => (JsonNode)item)]));

    // json.Encoder ends each document with a newline.
    private static byte[] Finish(StringBuilder text) => Encoding.UTF8.GetBytes(text.Append('\n').ToString());
}
