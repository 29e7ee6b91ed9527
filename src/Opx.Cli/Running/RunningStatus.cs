using System.Text.Json;
using Opx.Cli.Output;
using Opx.Client;
using Opx.Protocol;

namespace Opx.Cli.Running;

/// <summary>What the daemon says of itself, for commands that can do without. None is started.</summary>
internal static class RunningStatus
{
    /// <summary>Null where none runs or it cannot be asked, which is said.</summary>
    /// <param name="what">What one wanted to know.</param>
    public static JsonDocument? Of(Invocation invocation, string what)
    {
        try
        {
            using var client = invocation.Connect(mayStart: false);
            return client.Status().Value is { } body ? JsonDocument.Parse(body.Json) : null;
        }
        catch (Exception error) when (error is DaemonUnreachableException { NotRunning: true } or JsonException)
        {
            return null;
        }
        catch (DaemonUnreachableException unreachable)
        {
            Messages.Error($"the daemon could not be asked {what}: {unreachable.Message}");
            return null;
        }
    }

    /// <summary>The options of its command line; none where it is of a version that does not say, or is no longer to be asked.</summary>
    public static string[] Arguments(Invocation invocation)
    {
        try
        {
            using var status = Of(invocation, "which options it was given");
            return status?.RootElement is { } told && told.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.Array
                ? [.. arguments.EnumerateArray().Select(argument => argument.GetString()).OfType<string>()]
                : [];
        }
        catch (OpxPathException path)
        {
            Messages.Error($"the daemon could not be asked which options it was given: {path.Message}");
            return [];
        }
    }
}
