using Opx.Daemon.Backends;
using Opx.Protocol;

namespace Opx.Daemon.Options;

/// <summary>What <c>opx-authd --check</c> prints, for <c>opx doctor</c>: what the configuration comes to, and what backends say of themselves
/// without asking anybody. Nothing of it is secret.</summary>
internal static class ConfigurationCheck
{
    public static void Write(Stream output, DaemonOptions options, IReadOnlyDictionary<BackendKind, ISecretBackend> backends)
    {
        var bytes = ProtocolJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("version", DaemonVersion.Text);
            writer.WriteString("backend", options.Backend.Name());
            writer.WriteString("policy", options.PolicyFile);
            writer.WriteString("socket_path", options.Paths.SocketPath);
            writer.WriteBoolean("enable_audit_log", options.EnableAuditLog);
            writer.WriteStartArray("backends");
            foreach (var backend in backends.Values)
                backend.Status().Write(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        output.Write(bytes);
        output.Write("\n"u8);
    }
}
