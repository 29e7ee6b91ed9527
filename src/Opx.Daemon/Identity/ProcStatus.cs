using System.Buffers.Text;

namespace Opx.Daemon.Identity;

/// <summary><c>/proc/PID/status</c>, see proc_pid_status(5).</summary>
internal static class ProcStatus
{
    /// <summary>Real, effective, saved and file system's user id; null where the text holds none.</summary>
    public static uint[]? UserIds(ReadOnlySpan<byte> status)
    {
        var line = Behind("\nUid:\t"u8, status);
        if (line.IsEmpty)
            return null;
        var ids = new uint[4];
        for (var i = 0; i < ids.Length; i++)
        {
            if (!Utf8Parser.TryParse(line, out ids[i], out var used) || used == line.Length)
                return null;
            line = line[(used + 1)..];
        }

        return ids;
    }

    /// <summary>The process that debugs this one, 0 for none; null where the text does not say.</summary>
    public static int? Tracer(ReadOnlySpan<byte> status) =>
        Utf8Parser.TryParse(Behind("\nTracerPid:\t"u8, status), out int id, out _) ? id : null;

    // The name comes first, and the kernel writes its line breaks as \n: it cannot begin a line.
    private static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> label, ReadOnlySpan<byte> status) =>
        status.IndexOf(label) is >= 0 and var at ? status[(at + label.Length)..] : [];
}
