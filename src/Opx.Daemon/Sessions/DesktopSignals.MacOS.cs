namespace Opx.Daemon.Sessions;

internal sealed partial record DesktopSignals
{
    // Not run on the machines this was written on. The notification itself is for programs with a run loop of Cocoa; that it was posted
    // stands in the unified log, which /usr/bin/log prints as it grows.
    private static DesktopSignals MacOS() => new(
        "/usr/bin/log",
        ["stream", "--style", "compact", "--predicate", "process == \"loginwindow\" && eventMessage CONTAINS \"com.apple.sessionagent.screenIsLocked\""],
        line => line.Contains("com.apple.sessionagent.screenIsLocked", StringComparison.Ordinal) && !line.StartsWith("Filtering", StringComparison.Ordinal));
}
