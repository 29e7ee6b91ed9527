using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Audit;

/// <summary>One writer per log: two daemons with different sockets share a data directory, and two chains in one file would be none.</summary>
internal static class LogLock
{
    // A daemon whose socket was removed stops by itself within a second or so, and whoever comes after it must not need a person for that.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>The lock; it lasts as long as the stream is open.</summary>
    /// <exception cref="OpxPathException">Another daemon has it, and keeps it.</exception>
    public static async Task<FileStream> TakeAsync(string directory, TimeProvider clock)
    {
        for (var started = clock.GetTimestamp(); ;)
        {
            if (TryTake(directory) is { } taken)
                return taken;
            if (clock.GetElapsedTime(started) > Patience)
                throw new OpxPathException($"another opx-authd writes the audit log in {Printable.Text(directory)}: stop it first");
            await Task.Delay(Interval, clock);
        }
    }

    /// <summary>Null where another daemon has it.</summary>
    public static FileStream? TryTake(string directory)
    {
        var path = AuditFiles.LockFile(directory);
        try
        {
            // Not shared: .NET takes the lock with flock(2) and does not wait for it.
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = PrivateFile.Mode,
                BufferSize = 0,
            });
        }
        catch (IOException taken) when (taken.HResult == Errno.WouldBlock)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OpxPathException($"cannot lock the audit log with {Printable.Text(path)}: {error.Message}");
        }
    }
}
