using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opx.Daemon.Listening.Polling;

/// <summary>
/// The one thread that asks the kernel what is ready (epoll(7)), and on which everything runs that need not wait: handshakes, and requests that the
/// cache can answer, from the read of the socket to the write.
/// </summary>
internal sealed unsafe partial class Poller : IDisposable
{
    // Few enough for the first of them not to wait long for the last: see Round.
    private const int MostAtOnce = 16;
    private const ulong Wake = 0;

    // The kernel packs the structure on x86-64 and nowhere else.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EntryBytes = DataAt + sizeof(ulong);

    private readonly ConcurrentDictionary<ulong, IPolled> _polled = new();
    private readonly SafeFileHandle _queue = Made(NewQueue(CloseOnExec));
    private readonly SafeFileHandle _wake = Made(NewEvent(0, CloseOnExec | NonBlocking));
    private readonly Thread _thread;
    private ulong _last = Wake;

    public Poller()
    {
        Control(Change.Add, (int)_wake.DangerousGetHandle(), PollEvents.Readable, Wake);
        _thread = new Thread(Run) { IsBackground = true, Name = "poller" };
        _thread.Start();
    }

    /// <summary>A place for one descriptor. Nothing is told before <see cref="PollWatch.Want"/> says what is wanted.</summary>
    public PollWatch Watch(int descriptor, IPolled polled)
    {
        var id = Interlocked.Increment(ref _last);
        _polled[id] = polled;
        return new PollWatch(this, descriptor, id);
    }

    /// <summary>Ends the thread. What is still watched is told nothing any more.</summary>
    public void Dispose()
    {
        ulong one = 1;
        _ = Write(_wake, &one, sizeof(ulong));
        // The daemon's end may be resumed on this very thread.
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    internal void Control(Change change, int descriptor, PollEvents wanted, ulong id)
    {
        var entry = stackalloc byte[EntryBytes];
        *(uint*)entry = (uint)wanted;
        *(ulong*)(entry + DataAt) = id;
        if (Control(_queue, (int)change, descriptor, entry) != 0)
            throw new IOException($"epoll_ctl: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    internal void Forget(ulong id) => _polled.TryRemove(id, out _);

    private void Run()
    {
        var entries = stackalloc byte[MostAtOnce * EntryBytes];
        var round = Round.OfThisThread;
        while (true)
        {
            var end = entries + (Wait(_queue, entries, MostAtOnce, milliseconds: -1) * EntryBytes);
            for (var entry = entries; entry < end; entry += EntryBytes)
            {
                round.Looks(atLast: entry + EntryBytes == end);
                var id = *(ulong*)(entry + DataAt);
                if (id == Wake)
                {
                    _queue.Dispose();
                    _wake.Dispose();
                    return;
                }

                // Who was forgotten a moment ago is not told.
                if (_polled.TryGetValue(id, out var polled))
                    polled.Ready(*(PollEvents*)entry);
            }

            round.Finish();
        }
    }

    private static SafeFileHandle Made(int descriptor) => descriptor >= 0
        ? new SafeFileHandle(descriptor, ownsHandle: true)
        : throw new IOException($"the system gives no epoll: {Marshal.GetLastPInvokeErrorMessage()}");

    internal enum Change
    {
        Add = 1,
        Remove = 2,
        Modify = 3,
    }

    private const int CloseOnExec = 0x80000, NonBlocking = 0x800;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int NewQueue(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int NewEvent(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(SafeHandle queue, int operation, int descriptor, byte* entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int Wait(SafeHandle queue, byte* entries, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeHandle descriptor, void* bytes, nint count);
}
