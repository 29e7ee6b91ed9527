using Opx.Daemon.Identity;
using Opx.Daemon.Listening.Polling;
using Opx.Policy;

namespace Opx.Daemon.Access;

/// <summary>
/// The policy file that decides now. No watcher tells of changes, because it would tell later than the next request comes: whoever decides, of one
/// request or of all that came together, looks at the file's status instead, which is a system call or two, and only a change makes it read the file.
/// </summary>
internal sealed class PolicyInForce
{
    // How coarse a file system's clock may be: two changes within this time may carry the same change time.
    private static readonly TimeSpan Coarseness = TimeSpan.FromMilliseconds(50);
    private const int MostAttempts = 10;

    private readonly string _path;
    private readonly string _directory;
    private readonly uint _owner;
    private readonly TaskScheduler _pool;
    private readonly Lock _lock = new();
    private volatile PolicyState _last;
    private Task? _running;
    private Task? _queued;
    private long _looked;

    /// <summary>Reads the file, so that nobody is answered before it decides.</summary>
    /// <param name="pool">Where it is read later: the thread pool, but for who wants to say what runs when.</param>
    public PolicyInForce(string path, uint owner, TaskScheduler? pool = null)
    {
        _pool = pool ?? TaskScheduler.Default;
        _path = Path.GetFullPath(path);
        _directory = Path.GetDirectoryName(_path) ?? "/";
        _owner = owner;
        _last = Load(null);
    }

    /// <summary>Another policy is in force. Called by whoever came upon the change, before anything is decided by it.</summary>
    public event Action<PolicyState>? Changed;

    public string File => _path;

    /// <summary>As it was when somebody looked last.</summary>
    public PolicyState Last => _last;

    /// <summary>
    /// What has to be known of a caller that connects now. Where the file has changed and nobody has read it yet, its program.
    /// </summary>
    public IdentityNeeds Needs => _last.Needs | (IsCurrent(_last) ? IdentityNeeds.None : IdentityNeeds.Program);

    /// <summary>The policy that holds now. Complete on return where the file is as it was.</summary>
    public ValueTask<PolicyState> CurrentAsync()
    {
        var last = _last;
        return IsCurrent(last) ? new(last) : new(LoadedAsync());
    }

    private bool IsCurrent(PolicyState state)
    {
        if (!state.IsSettled)
            return false;
        // One look for all requests that had come before it. A state that was loaded since then is newer than that look.
        var moment = Round.Moment;
        if (moment != 0 && moment == Volatile.Read(ref _looked))
            return true;
        if (state.Version != PolicyVersion.Of(_path, _directory))
            return false;
        Volatile.Write(ref _looked, moment);
        return true;
    }

    private async Task<PolicyState> LoadedAsync()
    {
        await LoadFromNowOn();
        return _last;
    }

    /// <summary>
    /// A load that begins after this call: one that is under way may have read the file before the change that the caller knows of.
    /// </summary>
    private Task LoadFromNowOn()
    {
        lock (_lock)
        {
            return _running is null
                ? _running = Task.Factory.StartNew(Reload, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _pool)
                : _queued ??= _running.ContinueWith(_ => Reload(), CancellationToken.None, TaskContinuationOptions.None, _pool);
        }
    }

    private void Reload()
    {
        try
        {
            var (before, next) = (_last, Load(_last));
            if (next.Policy != before.Policy || next.Fault != before.Fault)
                Changed?.Invoke(next);
            _last = next;
        }
        finally
        {
            lock (_lock)
                (_running, _queued) = (_queued, null);
        }
    }

    private PolicyState Load(PolicyState? before)
    {
        for (var attempt = 1; ; attempt++)
        {
            var version = PolicyVersion.Of(_path, _directory);
            var content = PolicyFile.Content(_path, _owner, out var fault);
            var isStill = version == PolicyVersion.Of(_path, _directory);
            // Somebody who writes all the time gets what is there, and is looked at again.
            if (!isStill && attempt < MostAttempts)
                continue;
            var isSettled = isStill && IsSettled(version, fault);
            if (content is null)
                return new PolicyState(version, null, null, fault is null ? null : new PolicyFault(_path, 0, fault), [], isSettled);
            if (before?.Content is { } same && same.AsSpan().SequenceEqual(content))
                return before with { Version = version, IsSettled = isSettled };
            var load = PolicyFile.Load(content, _path);
            var policy = load.Document is { } document ? new AccessPolicy(document) : null;
            return new PolicyState(version, content, policy, load.Fault, load.Warnings, isSettled);
        }
    }

    private static bool IsSettled(PolicyVersion version, string? fault)
    {
        // Where not even the status can be had, nothing would show that it can be had again.
        if (version.File is not { } file)
            return fault is null;
        // By the machine's clock, which is the one that file systems go by.
        var changed = DateTimeOffset.UnixEpoch + TimeSpan.FromTicks((long)(file.Changed / 100));
        return TimeProvider.System.GetUtcNow() > changed + Coarseness;
    }
}
