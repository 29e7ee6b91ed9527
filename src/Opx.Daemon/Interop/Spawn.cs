using System.Runtime.InteropServices;

namespace Opx.Daemon.Interop;

/// <summary>
/// <c>posix_spawn</c>: a program by absolute path, in a process group of its own, with nothing of ours but two pipes.
/// </summary>
/// <remarks>
/// Not <c>Process.Start</c>, which has no process groups, hands on that SIGPIPE is ignored (the runtime ignores it) and makes strings of
/// what it reads.
/// </remarks>
internal static unsafe partial class Spawn
{
    // spawn.h; the same numbers on Linux and macOS.
    private const short SetProcessGroup = 0x02;
    private const short SetDefaultSignals = 0x04;
    private const short SetSignalMask = 0x08;

    // macOS: everything that the file actions do not name is closed, so that the missing pipe2 does not matter.
    private const short CloseOnExecByDefault = 0x4000;

    // Larger than sigset_t (128, 4), posix_spawnattr_t (336, 8) and posix_spawn_file_actions_t (80, 8) on both systems.
    private const int Opaque = 512;

    /// <summary>Starts the program with standard input from nowhere. 0 or an error number.</summary>
    public static int Start(ProcessCommand command, int output, int errors, out int processId)
    {
        using var arguments = new NativeStrings([command.Path, .. command.Arguments]);
        using var environment = new NativeStrings([.. command.Environment.Select(variable => $"{variable.Key}={variable.Value}")]);
        byte* attributes = stackalloc byte[Opaque], actions = stackalloc byte[Opaque], signals = stackalloc byte[Opaque];
        processId = 0;
        if (InitializeAttributes(attributes) is not 0 and var error)
            return error;
        if (InitializeActions(actions) is not 0 and var second)
        {
            _ = DestroyAttributes(attributes);
            return second;
        }

        try
        {
            // Every signal as a fresh login shell would have it, whatever the daemon was started with and the runtime made of it.
            // All bits rather than sigfillset, which leaves out the two signals of glibc's own, and posix_spawn then has the child ignore
            // them.
            new Span<byte>(signals, Opaque).Fill(0xff);
            _ = SetDefault(attributes, signals);
            new Span<byte>(signals, Opaque).Clear();
            _ = SetMask(attributes, signals);
            _ = SetGroup(attributes, 0);
            var flags = (short)(SetProcessGroup | SetDefaultSignals | SetSignalMask);
            _ = SetFlags(attributes, OperatingSystem.IsMacOS() ? (short)(flags | CloseOnExecByDefault) : flags);

            error = AddOpen(actions, 0, "/dev/null", 0, 0);
            if (error == 0)
                error = AddDuplicate(actions, output, 1);
            if (error == 0)
                error = AddDuplicate(actions, errors, 2);
            int started = 0;
            if (error == 0)
                error = PosixSpawn(&started, command.Path, actions, attributes, arguments.Pointers, environment.Pointers);
            processId = started;
            return error;
        }
        finally
        {
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PosixSpawn(
        int* processId, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitializeAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int SetGroup(byte* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefault(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int descriptor, int target);
}
