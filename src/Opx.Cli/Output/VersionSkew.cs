using Opx.Protocol;

namespace Opx.Cli.Output;

/// <summary>A daemon of another version than this client, as after an upgrade: said to a person, or where something failed, and otherwise
/// gone on with. The protocol is the same.</summary>
internal static class VersionSkew
{
    /// <summary>One line about it; null where both are of one version, or the daemon does not say.</summary>
    public static string? Line(string? daemon, string client) => daemon is null || daemon == client ? null
        : $"opx-authd is version {Printable.Text(daemon, 32)} and opx {client}: 'opx daemon restart' starts this one's";

    public static void Note(Invocation invocation, string? daemon, bool failed)
    {
        // Our own version is looked up by reflection: not for a read that nobody looks at.
        if (invocation.IsQuiet || !(failed || StandardStreams.IsTerminal(StandardStreams.Error)))
            return;
        if (Line(daemon, CommandLine.VersionText) is { } line)
            Messages.Error(line);
    }
}
