using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Audit;

/// <summary>One writer per log: two daemons with different sockets share a data directory, and two chains in one file would be none.</summary>
internal static class LogLock
{
    /// <summary>The lock; it lasts as long as the stream is open.</summary>
    /// <exception cref="OpxPathException">Another daemon has it.</exception>
    public static FileStream Take(string directory)
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
            throw new OpxPathException($"another opx-authd writes the audit log in {Printable.Text(directory)}: stop it first");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OpxPathException($"cannot lock the audit log with {Printable.Text(path)}: {error.Message}");
        }
    }
}
