using System.Runtime.InteropServices;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Interop;

/// <summary>
/// A started child of ours, from its start until it is reaped: until then its number belongs to it and cannot hit another process.
/// </summary>
internal static unsafe partial class Child
{
    private const int Kill = 9;

    /// <summary>Ends the whole group. Only before <see cref="Reap"/>.</summary>
    public static void KillGroup(int processId) => _ = NativeKill(-processId, Kill);

    /// <summary>Blocks until the child has ended, and leaves it there to be reaped.</summary>
    public static void WaitForEnd(int processId)
    {
        const int byProcess = 1, exited = 4;
        var dontReap = OperatingSystem.IsMacOS() ? 0x20 : 0x1000000;
        // siginfo_t: 128 bytes on Linux, 104 on macOS.
        var information = stackalloc byte[256];
        while (WaitId(byProcess, (uint)processId, information, exited | dontReap) != 0)
        {
            // No such child: somebody ignores SIGCHLD for us, and the kernel has reaped it.
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                return;
        }
    }

    /// <summary>Takes the ended child out of the process table.</summary>
    public static (ProcessEnd End, int Code) Reap(int processId)
    {
        int status;
        while (WaitPid(processId, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                return (ProcessEnd.Exited, -1);
        }

        var signal = status & 0x7f;
        return signal == 0 ? (ProcessEnd.Exited, (status >> 8) & 0xff) : (ProcessEnd.Signalled, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int NativeKill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, uint id, byte* information, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int processId, int* status, int options);
}
