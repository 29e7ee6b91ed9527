using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Client;
using Opx.Protocol;

namespace Opx.Cli;

/// <summary>What a command knows of the process it runs in.</summary>
/// <param name="Variable">The value of an environment variable; null for an unset one.</param>
/// <param name="UserId">The effective user.</param>
/// <param name="Inherited">What has to be put back before another program takes over.</param>
internal sealed record Surroundings(Func<string, string?> Variable, uint UserId, InheritedState Inherited)
{
    /// <summary>How to reach the daemon.</summary>
    /// <param name="mayStart">False: never start one, whatever the environment says.</param>
    /// <exception cref="FailureException">The daemon runs this very process, in place of 1Password's CLI, and would wait for itself.</exception>
    public ClientOptions Client(bool mayStart)
    {
        if (IsAskedByDaemon)
        {
            throw new FailureException(
                ExitCode.Failed, $"{StandIn.Mark}, and the daemon runs it: set {EnvironmentNames.OpPath} to 1Password's own CLI, then run opx daemon restart");
        }

        var paths = OpxPaths.From(Variable);
        // Where config and data share a directory it is the legacy one, which holds the socket too.
        var socketIsInData = !paths.SocketIsMoved && paths.RuntimeDirectory == paths.DataDirectory
            && paths.ConfigDirectory != paths.DataDirectory;
        return new ClientOptions(
            paths,
            UserId,
            mayStart && Variable(EnvironmentNames.Autostart) != "0",
            NonEmpty(EnvironmentNames.DaemonPath),
            NonEmpty(EnvironmentNames.Path),
            LookInLoginSession: socketIsInData);
    }

    /// <summary>True where the daemon runs us for an <c>op</c>.</summary>
    public bool IsAskedByDaemon => NonEmpty(EnvironmentNames.AskedByDaemon) is not null;

    public string? NonEmpty(string name) => Variable(name) is { Length: > 0 } value ? value : null;
}
