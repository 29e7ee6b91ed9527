using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Opx.Cli.Running;
using Opx.Protocol.Interop;

namespace Opx.Cli.Output;

/// <summary>
/// The three standard descriptors through read(2) and write(2). <c>System.Console</c> would change the terminal and install signal
/// handlers, which a program that replaces itself has to undo, and takes longer than a whole cached read.
/// </summary>
internal static partial class StandardStreams
{
    public const int Input = 0;
    public const int Output = 1;
    public const int Error = 2;

    private static readonly List<SafeFileHandle> Reserved = [];

    /// <summary>Fills standard descriptors that were closed on entry (<c>&gt;&amp;-</c>): the next socket or file would get the number,
    /// and a value meant for standard output would be written into it. What fills them refuses writes and is closed again by
    /// exec.</summary>
    public static void Reserve()
    {
        const int getFlags = 1;
        for (var descriptor = Input; descriptor <= Error; descriptor++)
        {
            if (Control(descriptor, getFlags) < 0)
                Reserved.Add(File.OpenHandle("/dev/null"));
        }
    }

    public static bool IsTerminal(int descriptor) => IsTty(descriptor) == 1;

    /// <summary>Writes to standard output.</summary>
    /// <returns>The exit code: a reader that has gone away is no message, anything else is.</returns>
    public static int Print(ReadOnlySpan<byte> bytes)
    {
        var error = TryWrite(Output, bytes);
        return error switch
        {
            0 => ExitCode.Done,
            Errno.BrokenPipe => ExitCode.Failed,
            _ => Messages.Fail(ExitCode.Failed, $"cannot write to standard output: {Marshal.GetPInvokeErrorMessage(error)}"),
        };
    }

    public static int Print(string text) => Print(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes all bytes, whatever the descriptor's mode: partial writes, interruptions and a full non-blocking pipe are waited
    /// out.</summary>
    /// <returns>0, or the error's number.</returns>
    public static int TryWrite(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = Write(descriptor, bytes, (nuint)bytes.Length);
            if (written >= 0)
                bytes = bytes[(int)written..];
            else if (!CanRetry(descriptor, Descriptor.Writable, out var error))
                return error;
        }

        return 0;
    }

    /// <summary>What comes next on standard input; 0 at its end.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static int ReadInput(Span<byte> into)
    {
        while (true)
        {
            var read = Read(Input, into, (nuint)into.Length);
            if (read >= 0)
                return (int)read;
            if (!CanRetry(Input, Descriptor.Readable, out var error))
                throw new IOException($"cannot read standard input: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    private static bool CanRetry(int descriptor, short events, out int error)
    {
        error = Marshal.GetLastPInvokeError();
        if (error == Errno.Interrupted)
            return true;
        if (error != Errno.WouldBlock)
            return false;
        Descriptor.Wait(descriptor, events, -1);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTty(int descriptor);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, Span<byte> bytes, nuint count);

    // Variadic in C; with no third argument the call is the same on every ABI.
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command);
}
