using System.Runtime.InteropServices;
using Opx.Protocol.Interop;

namespace Opx.Cli.Running;

/// <summary>How a child ended, as a shell would say it.</summary>
internal static unsafe partial class ExitStatus
{
    private const int SignalBase = 128;

    /// <summary>Waits for the child's end: its exit code, or 128 and the number of the signal that ended it.</summary>
    public static int Of(int processId)
    {
        int status;
        while (WaitProcess(processId, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                return Output.ExitCode.Failed;
        }

        // wait.h: the low seven bits are the signal, 0 for an exit.
        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : SignalBase + signal;
    }

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitProcess(int processId, int* status, int options);
}
