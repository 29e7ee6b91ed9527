using Opx.Daemon.Access;
using Opx.Daemon.Backends;
using Opx.Daemon.Identity;
using Opx.Daemon.Interop;
using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Daemon.Sessions;
using Opx.Model.Tests.Doubles;
using Opx.Model.Tests.Stepping;
using Opx.Protocol;
using Opx.TestKit;
using Opx.TestKit.Generation;

namespace Opx.Model.Tests.Histories;

/// <summary>The parts as the daemon puts them together, and what happens to them, in an order that choices make.</summary>
internal sealed class History : IDisposable
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);
    // In nanoseconds: long ago, and in the year 2100, which is never long ago.
    private static readonly Int128 Settled = 1_000_000_000, Unsettled = (Int128)4_102_444_800 * 1_000_000_000;

    private readonly Choices _choices;
    private readonly Schedule _schedule;
    private readonly World _world;
    private readonly ManualClock _clock = new();
    private readonly VirtualFile _policyFile = new();
    private readonly RecordingLog _log = new();
    private readonly SteppedBackend _backend;
    private readonly SecretCache _cache;
    private readonly SingleFlight _flights;
    private readonly Session _session;
    private readonly SecretReader _reader;
    private int _changes;

    private History(Choices choices, Action<string> say)
    {
        _choices = choices;
        _schedule = new Schedule(choices, choices.Of(0, 10, 40));
        var staleFor = choices.Of(TimeSpan.Zero, TimeSpan.FromSeconds(30));
        _world = new World(_clock, TimeToLive, staleFor, say);
        _backend = new SteppedBackend(_world, choices.Of(1, 2));
        _cache = new SecretCache(1_000_000, _clock, staleFor);
        _flights = new SingleFlight(_cache, _clock);
        _session = new Session(TimeSpan.FromSeconds(200), _clock);
        _session.Locked += _world.LockBegins;
        _session.Locked += reason => _flights.Close(SessionGate.Refusal(reason), abandon: reason != LockReason.Backend);
        _session.Locked += LockedNow;
        _session.Unlocked += _world.Unlocks;
        _session.Unlocked += _flights.Open;
        var options = new DaemonOptions
        {
            Paths = new OpxPaths("/c", "/d", "/r", "/r/s", false),
            Backend = BackendKind.Fake,
            TimeToLive = TimeToLive,
            SessionIdleTimeout = TimeSpan.FromSeconds(200),
            StaleWhileRevalidate = staleFor,
        };
        var gate = new PolicyGate(new PolicyInForce(_policyFile.Path, owner: 0, _schedule), IdentityNeeds.Program, _clock);
        var router = new BackendRouter(BackendKind.Fake, new Dictionary<BackendKind, ISecretBackend> { [BackendKind.Fake] = _backend });
        _reader = new SecretReader(gate, _log, _session, router, _cache, _flights, options, _clock, _schedule);
    }

    /// <summary>What was found to be wrong; null for nothing.</summary>
    public static string? Run(Choices choices, Action<string> say, Tally? tally = null)
    {
        try
        {
            using var history = new History(choices, say);
            history.Run();
            tally?.Add(history._world);
            return history._world.Fault;
        }
        catch (Exception surprise)
        {
            return surprise.ToString();
        }
    }

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _session.Dispose();
        _cache.Dispose();
        _policyFile.Dispose();
    }

    private void Run()
    {
        for (var steps = _choices.Between(1, 30); steps > 0 && _world.Fault is null; steps--)
        {
            Happens();
            if (_choices.Below(3) is var pace && pace == 0)
                Settle();
            else if (pace == 1)
                _schedule.RunSteps(_choices.Between(1, 8));
        }

        // Whatever is under way arrives: then nobody waits any more.
        for (Settle(); _world.Calls.Find(call => call.IsUnderWay) is { } call; Settle())
            Land(call);
        _world.Expect(!_world.Reads.Exists(read => read.IsUnderWay), "somebody waits for ever");
        _world.Expect(_flights.Count == 0, $"{_flights.Count} flights never land");
        _session.Lock(LockReason.Person);
        _world.Expect(_backend.Made.TrueForAll(IsWiped), "somebody still holds a value after a lock");
    }

    private void Happens()
    {
        switch (_choices.Below(32))
        {
            case < 11: Ask(); break;
            case < 17 when _world.Calls.Where(call => call.IsUnderWay).ToList() is { Count: > 0 } calls: Land(calls[_choices.Below(calls.Count)]); break;
            case < 18 when _world.Reads.Where(read => read.IsUnderWay).ToList() is { Count: > 0 } reads: Leave(reads[_choices.Below(reads.Count)]); break;
            case 18 or 19: Begin(Advance(TimeSpan.FromSeconds(_choices.Between(1, 90)))); break;
            case 20 or 21: Begin(Do($"lock", (LockReason)_choices.Below(4), reason => _session.Lock(reason))); break;
            case 22 or 23: Begin(Unlock()); break;
            case 24 or 25: Begin(Invalidate(_choices.Of<string?>(null, Plain.References[0], Plain.References[1]))); break;
            case 26: Begin(Forget()); break;
            case 27 or 28: PutPolicy(); break;
            case 29: _world.LogIs(_log.IsBroken = !_log.IsBroken && _choices.Chance(70)); break;
            case 30: _backend.IsSignedIn = !_backend.IsSignedIn; break;
        }
    }

    private void Begin(Func<Task> what) => _schedule.Run(what);

    private void Ask()
    {
        var caller = _choices.Of<string?>(Plain.Alice, Plain.Alice, Plain.Bob, null);
        var first = _choices.Below(3);
        string[] references = _choices.Chance(30) ? [Plain.References[first], Plain.References[(first + 1) % 3]] : [Plain.References[first]];
        var read = new Read($"r{_world.Reads.Count}", caller, references, _choices.Of(null, null, "acc"), _choices.Chance(15), _world.Next($"r{_world.Reads.Count} asks"), _world.Time);
        _world.Reads.Add(read);
        var peer = new Peer(1, 1000, 1000) { Identity = caller is null ? null : new PeerIdentity(caller, _choices.Chance(20)) };
        _world.Next($"{read}");
        Begin(() => ReadAsync(read, peer));
    }

    private async Task ReadAsync(Read read, Peer peer)
    {
        SecretReference[] references = [.. read.References.Select(text => SecretReference.Parse(text, out _)!)];
        try
        {
            var outcomes = await _reader.ReadAsync(references, new ReadContext(peer, read.Account, read.Fresh) { RequestId = read.Id }, read.Leave.Token);
            read.Ended = _world.Next($"{read.Id} gets {string.Join(", ", outcomes.Select(Shown))}");
            ReadRules.Check(_world, read, outcomes, _log.Records);
            foreach (var outcome in outcomes)
                outcome.Dispose();
        }
        catch (OperationCanceledException)
        {
            read.Ended = _world.Next($"{read.Id} is gone");
            _world.Expect(read.HasLeft, $"{read.Id} was sent away");
        }
        catch (Exception surprise)
        {
            _world.Expect(false, $"{read.Id}: {surprise}");
        }
    }

    private static string Shown(ReadOutcome outcome) => outcome.Problem is { } problem ? $"{problem.Code} ({problem.Detail})" : $"{System.Text.Encoding.UTF8.GetString(outcome.Value!.Bytes)}{(outcome.FromCache ? " from the cache" : "")}";

    private void Land(Call call)
    {
        call.KeepFor = _choices.Of<TimeSpan?>(null, null, TimeSpan.FromSeconds(10), TimeSpan.Zero);
        var kind = _choices.Below(12);
        var now = _world.Next($"call {call.Number} answers ({kind})");
        if (kind == 11)
        {
            call.Throw(now, new InvalidOperationException(World.Secret));
            return;
        }

        List<BackendOutcome> outcomes = [.. call.References.Select(reference => _choices.Below(8) switch
        {
            < 6 => _backend.Value(call, reference, call.KeepFor),
            6 => Failure(call, ErrorCode.NotFound),
            _ => Failure(call, _choices.Of(ErrorCode.BackendError, ErrorCode.SignInRequired)),
        })];
        call.IsDefect = kind == 10;
        call.Answer(now, kind == 10 ? [.. outcomes, _backend.Value(call, "none", null)] : outcomes);
    }

    private static BackendOutcome Failure(Call call, ErrorCode code) => BackendOutcome.Of(new BackendFailure(code, $"call {call.Number}"));

    private void Leave(Read read)
    {
        read.HasLeft = true;
        _world.Next($"{read.Id} leaves");
        Begin(Do("", read, gone => gone.Leave.Cancel()));
    }

    private Func<Task> Do<T>(string what, T with, Action<T> act) => () =>
    {
        if (what.Length > 0)
            _world.Next($"{what} {with}");
        act(with);
        return Task.CompletedTask;
    };

    // As the endpoint does: the backend is asked in between whether it is signed in.
    private Func<Task> Unlock() => () =>
    {
        var locks = _session.Locks;
        var began = _world.Next("unlock");
        Fiber.Point();
        World.AsPerson(began, () => _session.TryUnlock(locks));
        return Task.CompletedTask;
    };

    private Func<Task> Advance(TimeSpan by) => Do("time passes:", by, _clock.Advance);

    private Func<Task> Invalidate(string? reference) => () =>
    {
        var began = _world.Next($"an invalidation of {reference ?? "everything"} begins");
        _flights.Invalidate(reference is null ? null : new HashSet<string> { reference });
        _world.Invalidations.Add(new Span(began, _world.Next("invalidated"), reference));
        return Task.CompletedTask;
    };

    private Func<Task> Forget() => () =>
    {
        var began = _world.Next("somebody else signs in to the backend");
        _flights.Forget("fake");
        _world.Invalidations.Add(new Span(began, _world.Next("forgotten")));
        return Task.CompletedTask;
    };

    // A file system's clock may be too coarse to tell two changes apart: then both carry a time that has only just been.
    private void PutPolicy()
    {
        var policy = _choices.Below(Plain.Policies.Length);
        var changed = _choices.Chance(30) ? Unsettled : Settled + ++_changes;
        _policyFile.Put(Plain.Policies[policy], changed);
        _world.PolicyIs(policy);
    }

    private void LockedNow(LockReason reason)
    {
        _world.Expect(_cache.Count == 0, $"values are kept through a lock ({reason})");
        _world.LockEnds();
    }

    /// <summary>Until nothing can go on by itself.</summary>
    private void Settle()
    {
        while (_schedule.RunSteps(10_000))
        {
        }

        _world.Expect(_schedule.Stuck == 0, $"{_schedule.Stuck} wait for each other's locks");
        var now = _world.Next("quiet");
        foreach (var call in _world.Calls.Where(call => !call.IsUnderWay && call.Over == int.MaxValue))
            (call.Over, call.OverAt) = (now, _world.Time);
        foreach (var read in _world.Reads.Where(read => read.IsUnderWay && !read.HasLeft))
            _world.Expect(_world.Calls.Exists(call => call.IsUnderWay && call.Account == read.Account), $"{read.Id} waits, and nothing is under way");
        if (_session.InForce is { } reason)
            _world.Expect(_cache.Count == 0, $"values are kept while it is locked ({reason})");
        // 2. The last to leave cancels it.
        foreach (var call in _world.StaleFor > TimeSpan.Zero ? [] : _world.Calls.Where(call => call.IsUnderWay && !call.IsCancelled))
            _world.Expect(call.References.Any(reference => _world.Reads.Exists(read => read.IsUnderWay && read.Wants(reference, call.Account))), $"nobody waits for call {call.Number}, and it goes on");
    }

    private static bool IsWiped(SecretValue value)
    {
        if (!value.TryHold())
            return true;
        value.Dispose();
        return false;
    }
}
