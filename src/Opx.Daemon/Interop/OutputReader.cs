using System.Runtime.InteropServices;
using Opx.Daemon.Secrets;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Interop;

/// <summary>Reads a child's two pipes into buffers, until both end or a third pipe says that the child itself has ended.</summary>
internal sealed unsafe partial class OutputReader(Pipe output, Pipe errors, Pipe ended, int outputLimit, int errorLimit) : IDisposable
{
    // A pipe holds at most 1 MiB of what was written before the child ended; what comes later comes from somebody else.
    private const int PipeCapacity = 1024 * 1024;
    private const int Chunk = 64 * 1024;
    private const short Readable = 1;
    private readonly SecretBuffer _dropped = new();

    public SecretBuffer Output { get; } = new();

    public SecretBuffer Errors { get; } = new();

    public bool IsTooMuch => Output.Length > outputLimit;

    /// <summary>False where a descendant of the ended child still holds a pipe.</summary>
    public bool IsAtEnd => output.Reader < 0 && errors.Reader < 0;

    /// <summary>Blocks until the child has ended or printed too much.</summary>
    public void ReadToEnd()
    {
        while (!IsTooMuch && !Poll(-1).Ended)
        {
        }

        // The child has ended; its last words may still be in the pipes.
        for (var left = 2 * PipeCapacity; left > 0 && !IsTooMuch && !IsAtEnd;)
        {
            var read = Poll(0).Read;
            if (read == 0)
                return;
            left -= read;
        }
    }

    public void Dispose() => _dropped.Dispose();

    /// <summary>
    /// Waits for something to happen and reads once from each pipe that has something. <c>Read</c> counts an end as a byte.
    /// </summary>
    private (bool Ended, int Read) Poll(int timeout)
    {
        var polled = stackalloc PollDescriptor[3];
        polled[0] = new PollDescriptor(output.Reader, Readable);
        polled[1] = new PollDescriptor(errors.Reader, Readable);
        polled[2] = new PollDescriptor(ended.Reader, Readable);
        while (NativePoll(polled, 3, timeout) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                throw new IOException("poll: " + Marshal.GetLastPInvokeErrorMessage());
        }

        var read = 0;
        if (polled[0].Seen != 0)
            read += ReadOnce(output, Output);
        if (polled[1].Seen != 0)
            read += ReadOnce(errors, Errors.Length < errorLimit ? Errors : _dropped);
        return (polled[2].Seen != 0, read);
    }

    private int ReadOnce(Pipe pipe, SecretBuffer buffer)
    {
        var room = buffer == _dropped ? buffer.Room(Chunk) : buffer.Room(Math.Min(Chunk, Math.Max(4096, buffer.Length)));
        nint read;
        fixed (byte* bytes = room)
        {
            do
                read = NativeRead(pipe.Reader, bytes, (nuint)room.Length);
            while (read < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        }

        if (read <= 0)
        {
            pipe.CloseReader();
            return 1;
        }

        if (buffer != _dropped)
            buffer.Advance((int)read);
        return (int)read;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int NativePoll(PollDescriptor* descriptors, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint NativeRead(int descriptor, byte* buffer, nuint count);

    // A negative descriptor is passed over by poll, which is how a pipe at its end drops out.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct PollDescriptor(int descriptor, short wanted)
    {
        public readonly int Descriptor = descriptor;
        public readonly short Wanted = wanted;
        public readonly short Seen;
    }
}
