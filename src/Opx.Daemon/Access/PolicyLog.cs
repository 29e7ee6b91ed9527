using Microsoft.Extensions.Logging;

namespace Opx.Daemon.Access;

/// <summary>Says in the daemon's log which policy is in force, what is wrong with it, and what it cannot do.</summary>
internal static partial class PolicyLog
{
    public static PolicyInForce Follow(PolicyInForce policy, ILogger log)
    {
        if (policy.Last.Exists)
            Write(log, policy.File, policy.Last);
        policy.Changed += state => Write(log, policy.File, state);
        return policy;
    }

    private static void Write(ILogger log, string file, PolicyState state)
    {
        if (state.Fault is { } fault)
            LogInvalid(log, fault.ToString());
        else if (state.Exists)
            LogInForce(log, file, state.RuleCount);
        else
            LogGone(log, file);
        foreach (var warning in state.Warnings)
            LogWarning(log, warning.ToString());
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "the policy is invalid and every read is refused: {Fault}")]
    private static partial void LogInvalid(ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "policy {File} is in force, {Rules} rules")]
    private static partial void LogInForce(ILogger log, string file, int rules);

    [LoggerMessage(Level = LogLevel.Warning, Message = "there is no policy any more at {File}: every process of this user is allowed")]
    private static partial void LogGone(ILogger log, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "policy: {Warning}")]
    private static partial void LogWarning(ILogger log, string warning);
}
