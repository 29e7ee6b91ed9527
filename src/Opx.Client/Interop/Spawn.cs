using System.Runtime.InteropServices;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Client.Interop;

/// <summary>
/// Starts a program that has nothing of ours but the environment and the ready pipe: standard streams of its own (or <c>X=$(opx read …)</c>
/// would wait for the daemon), its own process group (or Ctrl-C would end it), default signals, no other descriptor.
/// </summary>
internal static unsafe partial class Spawn
{
    private const int ReadyNumber = 3;

    // 0600
    private const uint LogMode = 0x180;

    /// <summary>Starts the program, which is to start its second self in a session of its own and to end.</summary>
    /// <param name="runtimeDirectory">Its <c>XDG_RUNTIME_DIR</c>, where that is not ours.</param>
    /// <returns>The process, to be reaped.</returns>
    public static int Detached(string program, string[] arguments, string logFile, ReadyPipe ready, string? runtimeDirectory)
    {
        using var start = new ProcessStart();
        // The pipe first: where we were started without standard streams, its number may be one of those.
        start.Duplicate(ready.WriteDescriptor, ReadyNumber);
        start.Open(0, "/dev/null", OpenFlags.ReadWrite);
        start.Open(1, logFile, OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create, LogMode);
        start.Duplicate(1, 2);
        start.ChangeDirectory("/");
        start.CloseFrom(ReadyNumber + 1);
        using var words = NativeStrings.Of(arguments);

        // The child's environment is ours as it was before we touched it.
        SystemTrustStore.Restore();
        _ = SetEnvironment(EnvironmentNames.ReadyDescriptor, ReadyNumber.ToString(), 1);
        if (runtimeDirectory is not null)
            _ = SetEnvironment(EnvironmentNames.XdgRuntimeDir, runtimeDirectory, 1);
        var error = start.Start(program, words.Pointer, NativeEnvironment.Pointer(), out var processId);
        _ = UnsetEnvironment(EnvironmentNames.ReadyDescriptor);
        if (runtimeDirectory is not null)
            _ = UnsetEnvironment(EnvironmentNames.XdgRuntimeDir);
        if (error != 0)
            throw new DaemonUnreachableException($"cannot start {Printable.Text(program)}: {Marshal.GetPInvokeErrorMessage(error)}", false);

        return processId;
    }

    /// <summary>Whatever `opx run` becomes must not find a child that it never had.</summary>
    /// <param name="wait">False for one that may go on for ever, which is then left to whoever inherits it.</param>
    public static void Reap(int processId, bool wait)
    {
        const int noHang = 1;
        while (WaitProcess(processId, null, wait ? 0 : noHang) < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitProcess(int processId, int* status, int options);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetEnvironment(string name);
}
