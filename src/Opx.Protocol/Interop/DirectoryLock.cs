using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opx.Protocol.Interop;

/// <summary>An exclusive <c>flock</c> on a directory, among programs that ask for it as well.</summary>
public static partial class DirectoryLock
{
    private const int Exclusive = 2;
    private const int DoNotWait = 4;

    /// <summary>Waits for the lock; disposing of the handle gives it up.</summary>
    /// <exception cref="OpxPathException">The directory cannot be opened or locked.</exception>
    public static SafeFileHandle Take(string directory)
    {
        var handle = new SafeFileHandle(Open(directory, OpenFlags.ReadOnly | OpenFlags.CloseOnExec), ownsHandle: true);
        var result = handle.IsInvalid ? -1 : Lock(handle, Exclusive);
        while (result != 0 && !handle.IsInvalid && Marshal.GetLastPInvokeError() == Errno.Interrupted)
            result = Lock(handle, Exclusive);
        if (result == 0)
            return handle;
        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw new OpxPathException($"cannot lock the directory {Printable.Text(directory)}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>True where somebody has it at this moment.</summary>
    public static bool IsTaken(string directory)
    {
        using var handle = new SafeFileHandle(Open(directory, OpenFlags.ReadOnly | OpenFlags.CloseOnExec), ownsHandle: true);
        return !handle.IsInvalid && Lock(handle, Exclusive | DoNotWait) != 0 && Marshal.GetLastPInvokeError() == Errno.WouldBlock;
    }

    // Without O_CREAT there is no third argument: as a variadic one it would be passed differently on some machines.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
