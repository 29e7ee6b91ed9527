using Microsoft.Extensions.Logging;

namespace Opx.Daemon.Access;

/// <summary>Says in the daemon's log which policy is in force, what is wrong with it, and what it cannot do.</summary>
internal static class PolicyLog
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
            log.PolicyInvalid(fault.ToString());
        else if (state.Exists)
            log.PolicyInForce(file, state.RuleCount);
        else
            log.PolicyGone(file);
        foreach (var warning in state.Warnings)
            log.PolicyWarning(warning.ToString());
    }
}
