using System.Runtime.InteropServices;
using System.Text;
using Opx.Cli.Output;

namespace Opx.Cli.Running;

internal sealed partial class RunningDaemon
{
    // Not run on the machines this was written on. sys/event.h, libproc.h: the queue is told of the exit of a process that is registered
    // before it is asked to end, so none can be missed; a queue is readable when an event is in it.
    private bool StopMacOS()
    {
        const short processFilter = -5;
        const ushort addOnce = 0x0001 | 0x0010;
        const uint noteExit = 0x80000000;
        using var queue = new Descriptor(CreateQueue());
        var change = new KernelEvent { Identity = (nuint)ProcessId, Filter = processFilter, Flags = addOnce, FilterFlags = noteExit };
        if (Register(queue.Number, in change, 1, 0, 0, 0) < 0)
            return Marshal.GetLastPInvokeError() == NoSuchProcess;

        DemandDaemon(ProgramMacOS());
        if (SendSignal(ProcessId, Terminate) == 0)
            return queue.WaitUntilReadable(StopMilliseconds);
        return Marshal.GetLastPInvokeError() == NoSuchProcess
            ? true
            : throw new FailureException(ExitCode.Failed, $"cannot stop process {ProcessId}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private string ProgramMacOS()
    {
        Span<byte> path = stackalloc byte[4096];
        var length = ProgramOf(ProcessId, path, (uint)path.Length);
        return length > 0 ? Encoding.UTF8.GetString(path[..length]) : "an unknown program";
    }

    [LibraryImport("libc", EntryPoint = "kqueue", SetLastError = true)]
    private static partial int CreateQueue();

    [LibraryImport("libc", EntryPoint = "kevent", SetLastError = true)]
    private static partial int Register(int queue, in KernelEvent changes, int changeCount, nint events, int eventCount, nint timeout);

    [LibraryImport("libc", EntryPoint = "proc_pidpath", SetLastError = true)]
    private static partial int ProgramOf(int processId, Span<byte> path, uint size);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);

    [StructLayout(LayoutKind.Sequential)]
    private struct KernelEvent
    {
        public nuint Identity;
        public short Filter;
        public ushort Flags;
        public uint FilterFlags;
        public nint Data;
        public nint Tag;
    }
}
