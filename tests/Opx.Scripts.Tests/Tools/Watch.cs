using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opx.Scripts.Tests.Tools;

/// <summary>
/// Starts a program and can look into its memory ever after, though it hides it from its own user: a parent that traces the child opens
/// <c>/proc/PID/mem</c> and what goes with it at the moment of the exec, before the program has said a word, and the right to read is asked for at opening only.
/// </summary>
/// <remarks>Calls of ptrace(2) belong to the thread that attached, so all of this is on one.</remarks>
internal static partial class Watch
{
    private const int Continue = 7, Detach = 17, Seize = 0x4206, OptionTraceExec = 0x10, ExecEvent = 4, StopEvent = 128;
    private const int StopSignal = 19, ContinueSignal = 18, AllChildren = 0x40000000;

    /// <summary>Tells the child's number, then answers each needle that is asked for; <c>no: reason</c> where it may not look.</summary>
    public static int Run(string ask, string told, string[] command)
    {
        // Stops itself, so that it is traced before it becomes the program.
        var child = Start(["/bin/sh", "-c", "kill -STOP $$; exec \"$@\"", "sh", .. command]);
        var why = Open(child, out var memory, out var pages, out var maps);
        Tell(told, why is null ? child.ToString() : $"no: {why}");
        while (why is null)
        {
            foreach (var needle in File.ReadLines(ask))
                Tell(told, new MemorySearch(needle).Report(memory!, pages!, Lines(maps!)));
        }

        return 1;
    }

    // Not by System.Diagnostics.Process, which waits for its children too and would take our stops.
    private static int Start(string[] words)
    {
        nint[] arguments = [.. words.Select(Marshal.StringToCoTaskMemUTF8), 0];
        var environment = Marshal.ReadIntPtr(NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ"));
        return PosixSpawn(out var process, arguments[0], 0, 0, arguments, environment) == 0 ? process : throw new IOException("posix_spawn");
    }

    private static string? Open(int process, out SafeFileHandle? memory, out SafeFileHandle? pages, out FileStream? maps)
    {
        (memory, pages, maps) = (null, null, null);
        if (Ptrace(Seize, process, 0, OptionTraceExec) != 0)
            return $"ptrace: {Marshal.GetLastPInvokeErrorMessage()}";
        _ = Kill(process, ContinueSignal);
        while (WaitPid(process, out var status, AllChildren) == process)
        {
            if (status >> 16 == ExecEvent)
            {
                memory = File.OpenHandle($"/proc/{process}/mem");
                pages = File.OpenHandle($"/proc/{process}/pagemap");
                maps = File.OpenRead($"/proc/{process}/maps");
                _ = Ptrace(Detach, process, 0, 0);
                return null;
            }

            // Its own SIGSTOP, before or after we had it: not delivered, it goes on. One that took hold in between wants another SIGCONT.
            if (status >> 16 == StopEvent && ((status >> 8) & 0xff) == StopSignal)
                _ = Kill(process, ContinueSignal);
            _ = Ptrace(Continue, process, 0, 0);
        }

        return "the child is gone";
    }

    private static IEnumerable<string> Lines(FileStream maps)
    {
        maps.Position = 0;
        var reader = new StreamReader(maps);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static void Tell(string told, string line)
    {
        using var writer = new StreamWriter(new FileStream(told, FileMode.Open, FileAccess.Write));
        writer.WriteLine(line);
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int PosixSpawn(out int process, nint path, nint actions, nint attributes, nint[] arguments, nint environment);

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    private static partial nint Ptrace(int request, int process, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
