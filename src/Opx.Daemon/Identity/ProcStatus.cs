using System.Buffers.Text;

namespace Opx.Daemon.Identity;

/// <summary><c>/proc/PID/status</c>, see proc_pid_status(5).</summary>
internal static class ProcStatus
{
    /// <summary>Real, effective, saved and file system's user id; null where the text holds none.</summary>
    public static uint[]? UserIds(ReadOnlySpan<byte> status)
    {
        // The name comes first, and the kernel writes its line breaks as \n: it cannot begin a line.
        var label = "\nUid:\t"u8;
        var at = status.IndexOf(label);
        if (at < 0)
            return null;
        var line = status[(at + label.Length)..];
        var ids = new uint[4];
        for (var i = 0; i < ids.Length; i++)
        {
            if (!Utf8Parser.TryParse(line, out ids[i], out var used) || used == line.Length)
                return null;
            line = line[(used + 1)..];
        }

        return ids;
    }
}
