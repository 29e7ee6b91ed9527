using Microsoft.Win32.SafeHandles;
using Opx.Client.Interop;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Client;

/// <summary>Starts the daemon, once, however many clients want one at the same moment.</summary>
public static class DaemonLauncher
{
    private const int MostLogBytes = 1024 * 1024;

    /// <summary>Returns when a daemon listens, be it ours or one that somebody else started meanwhile.</summary>
    /// <exception cref="DaemonUnreachableException">It could not be started; the message holds the daemon's own first error where it had one.</exception>
    /// <exception cref="OpxPathException">The data directory or the socket's is not ours alone.</exception>
    public static void Start(ClientOptions options)
    {
        var paths = options.Paths;
        using var turn = Turn(options);
        using (var running = DaemonSocket.Connect(paths, options.UserId) ?? InLoginSession(options))
        {
            if (running is not null)
                return;
        }

        Launch(DaemonProgram.Find(options), paths, []);
    }

    /// <summary>Has one daemon take the place of another, where the options say that it is. Clients that find none meanwhile wait for their turn, and find this one.</summary>
    /// <param name="stop">Ends the one that runs; not called where there is no program to follow it.</param>
    /// <param name="arguments">Options of its command line.</param>
    /// <exception cref="DaemonUnreachableException">As for <see cref="Start"/>.</exception>
    /// <exception cref="OpxPathException">As for <see cref="Start"/>.</exception>
    public static void Replace(ClientOptions options, Action stop, IEnumerable<string> arguments)
    {
        using var turn = Turn(options);
        var program = DaemonProgram.Find(options);
        stop();
        Launch(program, options.Paths, arguments);
    }

    // Who waited for a restart finds the daemon where it was.
    private static UnixStream? InLoginSession(ClientOptions options) =>
        options.LookInLoginSession ? DaemonSocket.Connect(options.Paths.InLoginSession(options.UserId), options.UserId) : null;

    // The lock is on the directory itself, so that no lock file is left behind; it goes when the descriptor does, even by a kill.
    private static SafeFileHandle Turn(ClientOptions options)
    {
        PrivateDirectory.Ensure(options.Paths.DataDirectory, options.UserId);
        return DirectoryLock.Take(options.Paths.DataDirectory);
    }

    private static void Launch(string program, OpxPaths paths, IEnumerable<string> arguments)
    {
        TrimLog(paths.DaemonLogFile);
        using var ready = new ReadyPipe();
        var started = Spawn.Detached(program, [.. Words(program, paths), .. arguments], paths.DaemonLogFile, ready, paths.LoginSession);
        var word = ready.Wait();
        Spawn.Reap(started, wait: word == ReadyPipe.Ready);
        switch (word)
        {
            case ReadyPipe.Ready:
                return;
            case { } error when error.StartsWith(ReadyPipe.ErrorPrefix, StringComparison.Ordinal):
                throw Failed(Printable.Text(error[ReadyPipe.ErrorPrefix.Length..]));
            case null:
                throw Failed($"it is not ready after {ReadyPipe.MostSeconds} seconds: see {Printable.Text(paths.DaemonLogFile)}");
            default:
                throw Failed($"it ended without a word: see {Printable.Text(paths.DaemonLogFile)}");
        }
    }

    /// <summary>The program that would be started.</summary>
    /// <exception cref="DaemonUnreachableException">There is none.</exception>
    public static string ProgramPath(ClientOptions options) => DaemonProgram.Find(options);

    private static string[] Words(string program, OpxPaths paths) =>
        paths.SocketIsMoved ? [program, "--detach", "--sock", paths.SocketPath] : [program, "--detach"];

    private static void TrimLog(string path)
    {
        try
        {
            var log = new FileInfo(path);
            if (log is { Exists: true, LinkTarget: null, Length: > MostLogBytes })
                log.Delete();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OpxPathException($"cannot write {Printable.Text(path)}: {error.Message}");
        }
    }

    private static DaemonUnreachableException Failed(string reason) => new("the daemon did not start: " + reason, false);
}
