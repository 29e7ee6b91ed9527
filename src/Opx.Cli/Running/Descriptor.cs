using System.Runtime.InteropServices;
using Opx.Protocol.Interop;

namespace Opx.Cli.Running;

/// <summary>A bare descriptor of the kernel's: a process, an event queue.</summary>
internal sealed partial class Descriptor(int number) : IDisposable
{
    public const short Readable = 1;
    public const short Writable = 4;

    public int Number => number;

    /// <summary>False where the time is over first.</summary>
    public bool WaitUntilReadable(int milliseconds) => Wait(number, Readable, milliseconds);

    /// <summary>Waits for an event; a negative time waits for ever.</summary>
    public static bool Wait(int number, short events, int milliseconds)
    {
        var waiting = new PollDescriptor { Number = number, Events = events };
        int ready;
        do
            ready = Poll(ref waiting, 1, milliseconds);
        while (ready < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        return ready > 0;
    }

    public void Dispose()
    {
        if (number >= 0)
            _ = Close(number);
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptor, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Number;
        public short Events;
        public short Returned;
    }
}
