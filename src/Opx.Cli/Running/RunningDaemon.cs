using System.Net.Sockets;
using System.Runtime.InteropServices;
using Opx.Cli.Output;
using Opx.Client;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Cli.Running;

/// <summary>The daemon at the other end of the socket, as a process. Nothing is sent to it: a connection is enough to learn who
/// listens.</summary>
internal sealed partial class RunningDaemon : IDisposable
{
    private const int Terminate = 15;
    private const int StopMilliseconds = 10_000;
    private const int NoSuchProcess = 3;

    private readonly Socket _socket;

    private RunningDaemon(Socket socket, int processId, OpxPaths paths)
    {
        _socket = socket;
        ProcessId = processId;
        Paths = paths;
    }

    public int ProcessId { get; }

    /// <summary>Where it listens: in the login session, where it was found there.</summary>
    public OpxPaths Paths { get; }

    /// <summary>For people.</summary>
    public string Name => $"{Printable.Text(OperatingSystem.IsMacOS() ? ProgramMacOS() : LinuxProgram(ProcessId))} (process {ProcessId})";

    /// <summary>True where systemd listens and hands its socket to the daemon: to be stopped and started there.</summary>
    public bool IsSupervisor => OperatingSystem.IsLinux() && LinuxProgram(ProcessId) == "systemd";

    /// <summary>Who listens where a client would look; null where nobody does.</summary>
    /// <exception cref="FailureException">Somebody listens who is not our daemon.</exception>
    public static RunningDaemon? Find(ClientOptions options)
    {
        if (OpxPaths.SocketPathFault(options.Paths.SocketPath) is { } fault)
            throw new FailureException(ExitCode.Failed, fault);
        return At(options.Paths, options.UserId)
            ?? (options.LookInLoginSession ? At(options.Paths.InLoginSession(options.UserId), options.UserId) : null);
    }

    /// <summary>Asks it to end and waits for that, without sleeping.</summary>
    /// <exception cref="FailureException">It is not to be stopped, or does not stop.</exception>
    public void Stop()
    {
        var isGone = OperatingSystem.IsMacOS() ? StopMacOS() : StopLinux();
        if (!isGone)
            throw new FailureException(ExitCode.Failed,
                $"opx-authd (process {ProcessId}) was asked to stop and still runs after 10 s: see its log, or kill -9 {ProcessId}");
    }

    public void Dispose() => _socket.Dispose();

    private static RunningDaemon? At(OpxPaths paths, uint userId)
    {
        var path = paths.SocketPath;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            var peer = PeerCredentials.Of(socket);
            if (peer.UserId != userId)
                throw new FailureException(ExitCode.Failed,
                    $"{Printable.Text(path)} is served by user {peer.UserId}, not by you ({userId}): remove it or set OPX_SOCKET_PATH");
            return new RunningDaemon(socket, peer.ProcessId, paths);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable
            || error.NativeErrorCode is Errno.NoEntry or Errno.NotDirectory)
        {
            socket.Dispose();
            return null;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new FailureException(ExitCode.Unreachable, $"cannot connect to {Printable.Text(path)}: {error.Message}");
        }
    }

    /// <summary>
    /// The process that called listen(2) is the peer; under socket activation that is the service manager, which nobody wants to end. So
    /// the program's name has to be the daemon's, looked up while a descriptor holds the process: its number cannot pass to another in
    /// between.
    /// </summary>
    private bool StopLinux()
    {
        const int pidfdSendSignal = 424, pidfdOpen = 434;
        using var process = new Descriptor((int)SystemCall(pidfdOpen, ProcessId, 0, 0, 0));
        if (process.Number < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error == NoSuchProcess
                ? true
                : throw new FailureException(ExitCode.Failed,
                    $"cannot watch process {ProcessId}: {Marshal.GetPInvokeErrorMessage(error)}; stop it with kill {ProcessId}");
        }

        DemandDaemon(LinuxProgram(ProcessId));
        if (SystemCall(pidfdSendSignal, process.Number, Terminate, 0, 0) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error == NoSuchProcess
                ? true
                : throw new FailureException(ExitCode.Failed, $"cannot stop process {ProcessId}: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        // Hung up first: a daemon that stops waits for those who are connected.
        _socket.Dispose();
        return process.WaitUntilReadable(StopMilliseconds);
    }

    private void DemandDaemon(string program)
    {
        if (Path.GetFileName(program) is not ("opx-authd" or "opx-authd.dll"))
            throw new FailureException(
                ExitCode.Failed,
                $"the socket belongs to {Printable.Text(program)} (process {ProcessId}), not to opx-authd: "
                + "where a service manager opened it, stop it there (systemctl --user stop)");
    }

    /// <summary>
    /// The program's name; for the managed build, which <c>dotnet</c> may run, the assembly's. Not <c>/proc/…/exe</c>: the kernel hides
    /// it, because the daemon keeps its memory from other processes.
    /// </summary>
    private static string LinuxProgram(int processId)
    {
        try
        {
            var program = File.ReadAllText($"/proc/{processId}/comm").TrimEnd('\n');
            if (program != "dotnet")
                return program;
            var words = File.ReadAllText($"/proc/{processId}/cmdline").Split('\0');
            return words.FirstOrDefault(word => word.EndsWith(".dll", StringComparison.Ordinal)) ?? program;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "an unknown program";
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);
}
