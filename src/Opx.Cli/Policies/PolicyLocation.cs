using System.CommandLine;
using System.Text.Json;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.Policies;

/// <summary>Which file the commands work on: the one the daemon reads. A test against another file would say nothing.</summary>
internal static class PolicyLocation
{
    public static Option<string?> Option() => new("--policy")
    { HelpName = "FILE", Description = "Work on this file, not on the daemon's." };

    /// <summary>What <c>--policy</c> names, else what the running daemon says it reads, else where a daemon would look. None is
    /// started.</summary>
    public static string Of(Invocation invocation, Option<string?> option)
    {
        if (invocation.Value(option) is { Length: > 0 } named)
            return Path.GetFullPath(named);
        using var status = RunningStatus.Of(invocation, "which policy it reads");
        return status?.RootElement is { } told && told.TryGetProperty("policy_path", out var path) && path.ValueKind == JsonValueKind.String
            ? path.GetString()!
            : OpxPaths.From(invocation.Around.Variable).PolicyFile;
    }
}
