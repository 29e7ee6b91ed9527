using System.Security.Cryptography;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>
/// The audit log: a file a day, each record chained to the one before, over days and restarts. An append is one write that is not synced, short
/// enough for the thread that polls the sockets; signatures every minute, syncing and retention happen on the timer's.
/// </summary>
/// <remarks>
/// Lock order: <c>_settling</c>, then <c>_lock</c>. Nothing is synced under <c>_lock</c>, and no other lock of the daemon is taken under it.
/// </remarks>
internal sealed class AuditLog : IAuditLog, IDisposable
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Lock _settling = new();
    private readonly AuditOptions _options;
    private readonly TimeProvider _clock;
    private readonly TextWriter _messages;
    private readonly FileStream _held;
    private readonly ECDsa _key;
    private readonly HeadFile _head;
    private readonly ChainedFiles _files;
    private readonly ITimer _timer;
    private readonly (DateTimeOffset Time, long Timestamp) _began;
    private bool _retentionDue = true;
    private bool _disposed;
    private Problem? _failure;
    private DateTimeOffset _failedSince;
    private long _lost;

    /// <summary>Finds the end of the chain. No record is written yet.</summary>
    /// <param name="held">The <see cref="LogLock"/>, which is ours from here on.</param>
    /// <exception cref="OpxPathException">The key or the head cannot be used.</exception>
    public AuditLog(AuditOptions options, FileStream held, TimeProvider clock, TextWriter messages)
    {
        (_options, _held, _clock, _messages) = (options, held, clock, messages);
        _began = (clock.GetUtcNow(), clock.GetTimestamp());
        try
        {
            _key = SigningKey.LoadOrCreate(options.Directory, options.Owner, out var isNew);
            _head = new HeadFile(options.Directory, options.Owner, AuditKeys.HeadKey(_key)!);
            var continuation = new Continuation(options.Directory, _head, _key, isNew);
            var chain = new Chain(continuation.Find());
            // A key with no head beside it would look like a log that was removed, if nothing can be written now.
            if (isNew && !_head.Exists)
                _head.Write(chain);
            _files = new ChainedFiles(options, _key, _head, chain, continuation.Notes, clock);
        }
        catch
        {
            _held.Dispose();
            throw;
        }

        _timer = clock.CreateTimer(_ => Settle(isLast: false), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsOn => true;

    /// <summary>Records that the daemon starts, applies retention, and from now on keeps the days.</summary>
    public void Start(AuditEvent started)
    {
        Append(started);
        lock (_settling)
        {
            Retain();
            Rearm();
        }
    }

    public Problem? Refusal(int records)
    {
        if (Volatile.Read(ref _failure) is null)
            return null;
        lock (_lock)
        {
            var problem = Try(now => Write(now, []));
            _lost += problem is null ? 0 : records;
            return problem;
        }
    }

    public Problem? Append(params ReadOnlySpan<AuditEvent> events)
    {
        lock (_lock)
        {
            try
            {
                Write(_clock.GetUtcNow(), events);
                return null;
            }
            catch (Exception error) when (IsExpected(error))
            {
                _lost += events.Length;
                return Failed(error);
            }
            catch
            {
                // What nobody expected ends the request; the next one must not write this one's record.
                _files.Discard();
                throw;
            }
        }
    }

    /// <summary>Signs what is not signed, and closes the file.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Settle(isLast: true);
        _head.Dispose();
        _key.Dispose();
        _held.Dispose();
    }

    private void Write(DateTimeOffset now, ReadOnlySpan<AuditEvent> events)
    {
        if (_files.Attach(now))
        {
            // Syncing the old day and removing older ones is not for this thread.
            _retentionDue = true;
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        if (_failure is not null)
            _files.Add(now, new AuditEvent(AuditEvents.Daemon)
            { Reason = $"the audit log could not be written since {_failedSince:yyyy-MM-ddTHH:mm:ssZ}; {_lost} records are not in it" });
        foreach (var content in events)
            _files.Add(now, content);
        _files.Put();
        if (_failure is null)
            return;
        (_failure, _lost) = (null, 0);
        _messages.WriteLine("opx-authd: the audit log can be written again");
    }

    /// <summary>What the minute and midnight bring: the day's change, a checkpoint, all of it on the disk, retention.</summary>
    private void Settle(bool isLast)
    {
        lock (_settling)
        {
            if (_disposed)
                return;
            DailyFile? current;
            List<DailyFile> finished;
            lock (_lock)
            {
                var changed = _files.IsUnsigned;
                Try(SignIfDue);
                _disposed = isLast;
                finished = _files.TakeFinished(withCurrent: isLast);
                current = changed ? _files.Current : null;
            }

            Sync(current, finished);
            if (isLast)
                return;
            if (_retentionDue)
                Retain();
            Rearm();
        }
    }

    private void SignIfDue(DateTimeOffset now)
    {
        Write(now, []);
        if (_files.IsUnsigned)
            _files.Sign(now);
    }

    private void Sync(DailyFile? current, List<DailyFile> finished)
    {
        try
        {
            foreach (var file in finished)
            {
                file.Sync();
                file.Dispose();
            }

            current?.Sync();
            if (current is not null || finished.Count > 0)
                _head.Sync();
        }
        catch (Exception error) when (IsExpected(error))
        {
            lock (_lock)
                Failed(error);
        }
    }

    private void Retain()
    {
        if (HasJumped())
            return;
        _retentionDue = false;
        var old = Retention.Due(_options, _files.Day, _clock);
        if (old.Count == 0)
            return;
        try
        {
            // The signed word that they are gone comes first: a crash in between leaves a file too many, and none that is missed.
            if (LogEnds.First(_options.Directory, AuditFiles.Days(_options.Directory).Except(old)) is { } first)
            {
                Problem? failure;
                lock (_lock)
                    failure = Try(now => _files.Sign(now, first));
                if (failure is not null)
                    return;
                Sync(_files.Current, []);
            }

            foreach (var day in old)
                File.Delete(AuditFiles.DayFile(_options.Directory, day));
        }
        catch (Exception error) when (IsExpected(error))
        {
            _messages.WriteLine($"opx-authd: old audit logs cannot be removed: {Printable.Text(error.Message)}");
        }
    }

    /// <summary>The clock is a day or more from where it should be by the time that has passed: it takes no day's file away until it is back, or we start anew.</summary>
    private bool HasJumped() =>
        (_clock.GetUtcNow() - _began.Time - _clock.GetElapsedTime(_began.Timestamp)).Duration() >= TimeSpan.FromDays(1);

    private Problem? Try(Action<DateTimeOffset> step)
    {
        try
        {
            step(_clock.GetUtcNow());
            return null;
        }
        catch (Exception error) when (IsExpected(error))
        {
            return Failed(error);
        }
    }

    private Problem Failed(Exception error)
    {
        _files.Discard();
        var why = Printable.Text(error.Message);
        if (_failure is null)
        {
            _failedSince = _clock.GetUtcNow();
            _messages.WriteLine($"opx-authd: the audit log cannot be written, so reads are refused: {why}");
        }

        return _failure = new Problem(
            ErrorCode.Internal, $"reads are refused, because the audit log in {Printable.Text(_options.Directory)} cannot be written: {why}");
    }

    private void Rearm()
    {
        lock (_lock)
        {
            var left = _files.DayEnds - _clock.GetUtcNow();
            var midnight = TimeSpan.FromTicks(Math.Max(0, left.Ticks)) + TimeSpan.FromMilliseconds(1);
            _timer.Change(left < CheckpointInterval ? midnight : CheckpointInterval, Timeout.InfiniteTimeSpan);
        }
    }

    private static bool IsExpected(Exception error) =>
        error is IOException or UnauthorizedAccessException or OpxPathException or CryptographicException;
}
