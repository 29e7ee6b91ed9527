using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Opx.Daemon.Interop;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Listening;

/// <summary>
/// One daemon per socket: an advisory lock on a file beside the socket, held for the daemon's life and released by the kernel however it
/// ends. The file itself stays, because removing it would let two daemons lock two files of one name.
/// </summary>
internal sealed class InstanceLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private readonly SafeFileHandle _file;

    private InstanceLock(SafeFileHandle file) => _file = file;

    /// <summary>
    /// The lock, or null where another daemon serves this socket. A holder that does not answer is about to serve or about to be gone:
    /// neither sends a signal that one could wait for, so both are asked again at short intervals, for ten seconds at most.
    /// </summary>
    /// <exception cref="OpxPathException">The lock's file is not ours, or its holder neither answers nor goes.</exception>
    /// <param name="isActivated">The socket is the service manager's, which answers for whoever will serve it: that says nothing.</param>
    public static async Task<InstanceLock?> TryTakeAsync(OpxPaths paths, uint owner, TimeProvider clock, bool isActivated = false)
    {
        for (var started = clock.GetTimestamp(); ;)
        {
            if (TryTake(paths.InstanceLockFile, owner) is { } taken)
                return taken;
            if (!isActivated && Answers(paths.SocketPath))
                return null;
            if (clock.GetElapsedTime(started) > Patience)
                throw new OpxPathException($"another opx-authd holds {Printable.Text(paths.InstanceLockFile)} but does not answer on its socket: stop that process");
            await Task.Delay(Interval, clock);
        }
    }

    /// <summary>True where somebody accepts connections on the path.</summary>
    public static bool Answers(string socketPath)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(socketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose() => _file.Dispose();

    private static InstanceLock? TryTake(string path, uint owner)
    {
        if (FileStatus.Of(path) is { } status && (!status.IsRegularFile || status.Owner != owner))
            throw new OpxPathException($"{Printable.Text(path)} is not a file of yours: remove it, or choose another place for the socket");
        SafeFileHandle file;
        try
        {
            // Not shared: .NET takes the lock with flock(2) and does not wait for it.
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = PrivateFile.Mode,
                BufferSize = 0,
            }).SafeFileHandle;
        }
        catch (IOException taken) when (taken.HResult == Errno.WouldBlock)
        {
            return null;
        }

        // Once more and by ourselves, because the environment can tell .NET to leave locks alone.
        if (LibC.TryLock(file))
            return new InstanceLock(file);
        file.Dispose();
        return null;
    }
}
