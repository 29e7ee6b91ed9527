using System.Runtime.InteropServices;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Client.Interop;

/// <summary>
/// Starts a program that has nothing of ours but the environment and the ready pipe: standard streams of its own (or <c>X=$(opx read …)</c>
/// would wait for the daemon), its own process group (or Ctrl-C would end it), default signals, no other descriptor.
/// </summary>
/// <remarks><c>Process.Start</c> can do none of these, and installs a SIGCHLD handler that <c>opx run</c> would hand on.</remarks>
internal static unsafe partial class Spawn
{
    private const int ReadyNumber = 3;

    /// <summary>Starts the program and waits for the process that was started, which detaches its second self and ends at once.</summary>
    public static void Detached(string program, string[] arguments, string logFile, ReadyPipe ready)
    {
        // posix_spawn's types are structs of up to 336 bytes on Linux and pointers on macOS; zeroed and larger than either.
        var actions = stackalloc long[64];
        var attributes = stackalloc long[64];
        var processId = 0;
        Check(InitializeActions(actions), program);
        Check(InitializeAttributes(attributes), program);
        try
        {
            Describe(actions, attributes, program, logFile, ready.WriteDescriptor);
            using var words = new NativeStrings(arguments);

            // The child's environment is ours as it was before we touched it.
            SystemTrustStore.Restore();
            _ = SetEnvironment(EnvironmentNames.ReadyDescriptor, ReadyNumber.ToString(), 1);
            var error = PosixSpawn(&processId, program, actions, attributes, words.Pointer, NativeEnvironment.Pointer());
            _ = UnsetEnvironment(EnvironmentNames.ReadyDescriptor);
            SystemTrustStore.Bypass();
            Check(error, program);
        }
        finally
        {
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
        }

        // Whatever `opx run` becomes must not find a child that it never had.
        while (WaitProcess(processId, null, 0) < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
        {
        }
    }

    private static void Describe(long* actions, long* attributes, string program, string logFile, int readyDescriptor)
    {
        const short setProcessGroup = 0x2, setDefaultSignals = 0x4, setSignalMask = 0x8, macOSCloseByDefault = 0x4000;

        // All bits rather than sigfillset, which leaves out the two signals of glibc's own: posix_spawn would then have the child ignore them.
        var signals = stackalloc long[16];
        new Span<long>(signals, 16).Fill(-1);
        Check(SetDefaultSignals(attributes, signals), program);
        new Span<long>(signals, 16).Clear();
        Check(SetSignalMask(attributes, signals), program);
        Check(SetProcessGroup(attributes, 0), program);
        var flags = setProcessGroup | setDefaultSignals | setSignalMask | (OperatingSystem.IsMacOS() ? macOSCloseByDefault : 0);
        Check(SetFlags(attributes, (short)flags), program);

        // The pipe first: where we were started without standard streams, its number may be one of those.
        Check(AddDuplicate(actions, readyDescriptor, ReadyNumber), program);
        Check(AddOpen(actions, 0, "/dev/null", OpenFlags.ReadWrite, 0), program);
        Check(AddOpen(actions, 1, logFile, OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create, 0x180), program);
        Check(AddDuplicate(actions, 1, 2), program);
        Optional(() => AddDirectory(actions, "/"));
        if (!OperatingSystem.IsMacOS())
            Optional(() => AddCloseFrom(actions, ReadyNumber + 1));
    }

    /// <summary>For what older systems lack: the daemon then sees to it itself.</summary>
    private static void Optional(Func<int> call)
    {
        try
        {
            _ = call();
        }
        catch (EntryPointNotFoundException)
        {
        }
    }

    private static void Check(int error, string program)
    {
        if (error != 0)
            throw new DaemonUnreachableException($"cannot start {Printable.Text(program)}: {Marshal.GetPInvokeErrorMessage(error)}", false);
    }
}
