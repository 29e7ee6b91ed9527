using System.Security.Cryptography;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>
/// The chain and the day's file it is written to, with the head beside it. Every method may throw what a disk throws; what was being added is then
/// discarded with <see cref="Discard"/>. Guarded by the lock of <see cref="AuditLog"/>, and nothing here waits for a disk.
/// </summary>
internal sealed class ChainedFiles(AuditOptions options, ECDsa key, HeadFile head, Chain chain, IEnumerable<AuditEvent> notes, TimeProvider clock)
{
    // Under load the file is looked after this often, and not for each of thirty thousand records a second.
    public static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    // Somebody may replace the file again and again; each that waits to be synced is a descriptor.
    private const int MostUnsynced = 8;

    // What is to be said in the next record, because somebody has to learn of it.
    private readonly List<AuditEvent> _notes = [.. notes];
    private readonly List<DailyFile> _finished = [];
    private DailyFile.Trace? _left;
    private long _looked;
    private long _zoned;

    /// <summary>The file that is written; null before the first record and after a failure.</summary>
    public DailyFile? Current { get; private set; }

    public DateOnly Day { get; private set; } = AuditFiles.Days(options.Directory) is [.., var last] ? last : DateOnly.MinValue;

    /// <summary>When the current file is no longer the day's.</summary>
    public DateTimeOffset DayEnds { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Records stand behind the last signature.</summary>
    public bool IsUnsigned { get; private set; }

    /// <summary>Sees to it that there is a file to write to, and that it is the day's and still in its place.</summary>
    /// <returns>True where another day has begun.</returns>
    public bool Attach(DateTimeOffset now)
    {
        FollowZone();
        var turned = Current is not null && now >= DayEnds;
        if (turned)
        {
            chain.AddCheckpoint(now, key);
            Put();
            IsUnsigned = false;
            Finish();
            _left = null;
        }

        if (Current is not null && !IsOurs(Current))
            Finish();
        if (Current is null)
            Open(now);
        foreach (var note in _notes)
            Add(now, note);
        return turned;
    }

    public void Add(DateTimeOffset now, AuditEvent content) => chain.Add(now, content);

    /// <summary>Writes what has been added: all of it or nothing.</summary>
    public void Put()
    {
        if (chain.Added.IsEmpty)
            return;
        Current!.Append(chain.Added);
        chain.Commit();
        _notes.Clear();
        IsUnsigned = true;
        // With every write: what a daemon that is killed has answered cannot be cut off unseen.
        head.Write(chain);
    }

    /// <summary>Signs everything up to here.</summary>
    /// <param name="first">The oldest record that is to be left, where some are about to be removed.</param>
    public void Sign(DateTimeOffset now, long first = 1)
    {
        chain.Forget(first);
        chain.AddCheckpoint(now, key);
        Put();
        IsUnsigned = false;
        head.EnsureInPlace(chain);
    }

    /// <summary>After a failure: forgets what was not written. Whatever is wrong with the file, the next attempt opens one anew.</summary>
    public void Discard()
    {
        chain.Discard();
        Finish();
    }

    /// <summary>The files that are written no more, for whoever syncs and closes them.</summary>
    public List<DailyFile> TakeFinished(bool withCurrent)
    {
        if (withCurrent)
            Finish();
        List<DailyFile> finished = [.. _finished];
        _finished.Clear();
        return finished;
    }

    private void Open(DateTimeOffset now)
    {
        // Never an earlier day than the last: where a clock is set back, the files stay in the order of their records.
        var today = LocalDay.Of(now, clock.LocalTimeZone);
        Day = today > Day ? today : Day;
        FindEnd();
        var path = AuditFiles.DayFile(options.Directory, Day);
        var what = _left?.Compare();
        Current = DailyFile.Open(path, options.Owner);
        _left = null;
        _looked = clock.GetTimestamp();
        if (what is not null)
        {
            _notes.Add(new AuditEvent(AuditEvents.Daemon)
            {
                Reason = $"the file of the audit log was {what} by another program after record {chain.Seq}",
                Outcome = AuditEvent.LogDamaged,
            });
        }
    }

    /// <summary>Whoever travels with the machine, or sets it right, has other midnights from then on: within a breath of a record, or a minute.</summary>
    private void FollowZone()
    {
        if (Current is not null && clock.GetElapsedTime(_zoned) >= Breath)
            FindEnd();
    }

    private void FindEnd()
    {
        _zoned = clock.GetTimestamp();
        DayEnds = LocalDay.End(Day, clock.LocalTimeZone);
    }

    /// <summary>Others of the same user can do what they like with the file; the next record says so, and is where a reader looks for it. One that
    /// was removed, replaced or written is noticed at once; one that was moved and lives on elsewhere, within a breath.</summary>
    private bool IsOurs(DailyFile file)
    {
        if (!file.IsUntouched)
            return false;
        if (clock.GetElapsedTime(_looked) < Breath)
            return true;
        _looked = clock.GetTimestamp();
        return file.IsInPlace;
    }

    private void Finish()
    {
        if (Current is not null)
        {
            _left = Current.Left;
            // Where every write fails, every request opens the file anew: none of those stays open until somebody syncs.
            if (Current.IsUnsynced && _finished.Count < MostUnsynced)
                _finished.Add(Current);
            else
                Current.Dispose();
        }

        Current = null;
    }
}
