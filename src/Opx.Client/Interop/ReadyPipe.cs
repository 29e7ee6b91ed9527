using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Opx.Protocol.Interop;

namespace Opx.Client.Interop;

/// <summary>The pipe on which a daemon that is being started says <c>ready</c>, or why it cannot be.</summary>
internal sealed unsafe partial class ReadyPipe : IDisposable
{
    public const string Ready = "ready";
    public const string ErrorPrefix = "error: ";
    public const int MostSeconds = 15;

    private const int MostBytes = 4096;

    // Both ends are closed on exec; the child's gets another number that is not (see Spawn).
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In, HandleInheritability.None);

    public int WriteDescriptor => (int)_pipe.ClientSafePipeHandle.DangerousGetHandle();

    /// <summary>The daemon's first line; empty where it went without a word, null where time ran out.</summary>
    public string? Wait()
    {
        // As long as we hold the other end ourselves, its end never shows.
        _pipe.DisposeLocalCopyOfClientHandle();
        var clock = TimeProvider.System;
        var begun = clock.GetTimestamp();
        var (bytes, length) = (new byte[MostBytes], 0);
        while (length < bytes.Length && bytes.AsSpan(0, length).IndexOf((byte)'\n') < 0)
        {
            var left = TimeSpan.FromSeconds(MostSeconds) - clock.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
                return null;
            if (!WaitForInput((int)left.TotalMilliseconds + 1))
                continue;
            var count = _pipe.Read(bytes, length, bytes.Length - length);
            if (count == 0)
                break;
            length += count;
        }

        var end = bytes.AsSpan(0, length).IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(bytes, 0, end < 0 ? length : end);
    }

    public void Dispose() => _pipe.Dispose();

    /// <summary>False where nothing came in time, or a signal came first.</summary>
    private bool WaitForInput(int milliseconds)
    {
        const short input = 1;
        var entry = new PollEntry { Descriptor = (int)_pipe.SafePipeHandle.DangerousGetHandle(), Events = input };
        var result = Poll(&entry, 1, milliseconds);
        return result >= 0 || Marshal.GetLastPInvokeError() == Errno.Interrupted
            ? result > 0
            : throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
    }

    // poll.h; nfds_t is unsigned long on Linux and unsigned int on macOS, which a register does not tell apart.
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
