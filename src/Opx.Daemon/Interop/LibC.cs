using System.Runtime.InteropServices;

namespace Opx.Daemon.Interop;

/// <summary>The calls to libc that have no face of their own.</summary>
internal static partial class LibC
{
    private const int CloseOnExecFlag = 1, SetDescriptorFlags = 2;

    /// <summary>Keeps a descriptor that we inherited from what we start.</summary>
    public static void CloseOnExec(int descriptor) => Fcntl(descriptor, SetDescriptorFlags, CloseOnExecFlag);

    /// <summary>Takes the exclusive lock of an open file; false where another process has it.</summary>
    public static bool TryLock(SafeHandle file)
    {
        const int exclusive = 2, nonBlocking = 4;
        return Flock(file, exclusive | nonBlocking) == 0;
    }

    /// <summary>A session of our own: no terminal, no signals from one.</summary>
    [LibraryImport("libc", EntryPoint = "setsid")]
    public static partial int NewSession();

    /// <summary>Keeps this process's memory from other processes of the same user, and from core files.</summary>
    public static void HideMemory()
    {
        const int setDumpable = 4, denyAttach = 31;
        if (OperatingSystem.IsLinux())
            _ = Prctl(setDumpable, 0, 0, 0, 0);
        else if (OperatingSystem.IsMacOS())
            _ = Ptrace(denyAttach, 0, 0, 0);
    }

    /// <summary>On Linux: killed as soon as the thread that started this process is gone, in whatever way it went.</summary>
    public static void EndWithParent()
    {
        const int setParentDeathSignal = 1, kill = 9;
        if (OperatingSystem.IsLinux())
            _ = Prctl(setParentDeathSignal, kill, 0, 0, 0);
    }

    /// <summary>Ends the process without another word.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int status);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "ptrace")]
    private static partial int Ptrace(int request, int pid, nint address, int data);
}
