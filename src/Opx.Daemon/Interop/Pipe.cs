using System.Runtime.InteropServices;

namespace Opx.Daemon.Interop;

/// <summary>Two descriptors that no child inherits by accident. Each end is closed once, by whoever owns it.</summary>
internal sealed partial class Pipe : IDisposable
{
    private int _reader;
    private int _writer;

    private Pipe(int reader, int writer) => (_reader, _writer) = (reader, writer);

    public int Reader => _reader;

    public int Writer => _writer;

    /// <summary>Null where the system has no descriptors left; the reason is in the last error.</summary>
    public static unsafe Pipe? TryOpen()
    {
        var ends = stackalloc int[2];
        if (!(OperatingSystem.IsMacOS() ? OpenMacOS(ends) : OpenLinux(ends)))
            return null;
        var pipe = new Pipe(ends[0], ends[1]);
        if (Math.Min(ends[0], ends[1]) > 2)
            return pipe;
        // A standard stream of ours is closed, and the pipe got its number, where a child's own streams go: hold it while opening another.
        using (pipe)
            return TryOpen();
    }

    public void CloseReader() => Close(ref _reader);

    public void CloseWriter() => Close(ref _writer);

    public void Dispose()
    {
        CloseReader();
        CloseWriter();
    }

    private static void Close(ref int end)
    {
        var descriptor = Interlocked.Exchange(ref end, -1);
        if (descriptor >= 0)
            _ = NativeClose(descriptor);
    }

    private static unsafe bool OpenLinux(int* ends)
    {
        const int closeOnExec = 0x80000;
        return Pipe2(ends, closeOnExec) == 0;
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static unsafe partial int Pipe2(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int NativeClose(int descriptor);
}
