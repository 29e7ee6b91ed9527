using System.Buffers.Text;

namespace Opx.Daemon.Identity;

/// <summary><c>/proc/PID/stat</c>, see proc_pid_stat(5).</summary>
internal static class ProcStat
{
    // Counted from the state, the first field behind the name.
    private const int Parent = 1, StartTime = 19;

    /// <summary>Parent and start time; null where the line is none.</summary>
    public static ProcessOrigin? Parse(ReadOnlySpan<byte> line)
    {
        // The name stands in brackets and is the process's own choice: it may hold spaces, brackets, line breaks and whole false lines.
        // What follows is one letter and numbers, so the last bracket is the kernel's.
        var name = line.LastIndexOf((byte)')');
        if (name < 0 || name + 2 > line.Length)
            return null;
        int? parent = null;
        var rest = line[(name + 2)..];
        for (var field = 0; !rest.IsEmpty; field++)
        {
            var end = rest.IndexOf((byte)' ');
            var text = end < 0 ? rest : rest[..end];
            if (field == Parent)
                parent = Utf8Parser.TryParse(text, out int id, out var used) && used == text.Length ? id : null;
            if (field == StartTime)
                return parent is { } found && Utf8Parser.TryParse(text, out ulong start, out _) ? new ProcessOrigin(found, start) : null;
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return null;
    }
}
