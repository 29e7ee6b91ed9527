using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Sessions;

/// <summary>
/// A lock that a person or the desktop asked for holds until <c>opx unlock</c>, and so it outlives the daemon: a file says that it holds. Whatever lies
/// at its path counts, and what cannot be looked at does too. The file follows the session, one change after the other, off its lock.
/// </summary>
internal sealed class StandingLock : IAsyncDisposable
{
    private readonly Session _session;
    private readonly string _file;
    private readonly TextWriter _log;
    private readonly Lock _lock = new();
    private bool _isHeld;
    private Task<string?> _written = Task.FromResult<string?>(null);

    private StandingLock(Session session, string file, TextWriter log) => (_session, _file, _log) = (session, file, log);

    /// <summary>Locks the session where an earlier daemon's lock holds, and follows it from then on. Call it when all others do who are to know of a lock.</summary>
    public static StandingLock Follow(Session session, string file, TextWriter log)
    {
        var standing = new StandingLock(session, file, log);
        if (standing.IsThere())
        {
            standing._isHeld = true;
            session.Lock(LockReason.Earlier);
        }

        session.Changed += _ => standing.Write();
        return standing;
    }

    /// <summary>Null once the file says what the session's state is; else one line about why it does not.</summary>
    public Task<string?> WrittenAsync()
    {
        lock (_lock)
            return _written;
    }

    public async ValueTask DisposeAsync() => await WrittenAsync();

    private bool IsThere()
    {
        try
        {
            return FileStatus.Of(_file) is not null;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private void Write()
    {
        lock (_lock)
            _written = _written.ContinueWith(_ => WriteState(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private string? WriteState()
    {
        var isLocked = _session.InForce is { } reason && reason.OutlivesDaemon();
        try
        {
            if (isLocked && !IsThere())
                PrivateFile.Write(_file, []);
            // A daemon on another socket has the same file: what none of our locks stands for is left alone.
            else if (!isLocked && _isHeld)
                File.Delete(_file);
            _isHeld = isLocked;
            return null;
        }
        catch (Exception error) when (error is OpxPathException or IOException or UnauthorizedAccessException)
        {
            var fault = isLocked
                ? $"the lock ends with this daemon, because it cannot be written down: {error.Message}"
                : $"the next daemon will be locked again, because {Printable.Text(_file)} cannot be removed: {Printable.Text(error.Message)}";
            _log.WriteLine($"opx-authd: {fault}");
            return fault;
        }
    }
}
