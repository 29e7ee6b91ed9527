using System.Diagnostics;

namespace Opx.Daemon.Listening;

/// <summary>Starts this program once more and leaves it: the client that wanted a daemon, or what that client becomes, is not its parent.</summary>
internal static class Detachment
{
    public static int StartAgain(string[] arguments)
    {
        // Standard streams and the pipe for the ready signal are inherited. The new process opens a session of its own.
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument == "--detach" ? "--detached" : argument);
        using var daemon = Process.Start(start);
        return 0;
    }
}
