using System.Text;
using Opx.Daemon.Backends;
using Opx.Daemon.Secrets;
using Opx.Daemon.Sessions;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Secrets;

/// <summary>
/// Session × cache × flight against what they promise, in histories that a seed makes: reads, arrivals, failures, lost callers, locks of every
/// kind, unlocks, invalidations and time, in any order. Nothing here runs on another thread, so each history is the same each time.
/// </summary>
public sealed class SessionModelTests
{
    private const int Histories = 20_000;
    private const int Parts = 8;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Parts)];

    [Theory, MemberData(nameof(Seeds))]
    public void No_value_after_a_lock_none_older_than_an_invalidation_and_nobody_waits_for_ever(int part)
    {
        var (values, refusals, stale) = (0, 0, 0);
        for (var seed = part; seed <= Histories; seed += Parts)
        {
            using var history = new History(seed);
            history.Run(steps: 40);
            (values, refusals, stale) = (values + history.Values, refusals + history.Refusals, stale + history.Stale);
        }

        // The histories come to all that they are about.
        Assert.True(values > 5_000 && refusals > 1_000 && stale > 100, $"{values} values, {refusals} refusals, {stale} stale");
    }

    /// <summary>The parts as the daemon puts them together, and beside them what must be true.</summary>
    private sealed class History : IDisposable
    {
        private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);
        private static readonly TimeSpan StaleFor = TimeSpan.FromSeconds(30);
        private static readonly TimeSpan Idle = TimeSpan.FromSeconds(200);
        private static readonly SecretReference[] References = [.. Enumerable.Range(0, 3).Select(i => SecretReference.Parse($"op://v/i/{i}", out _)!)];

        private readonly int _seed;
        private readonly Random _random;
        private readonly ManualClock _clock = new();
        private readonly SecretCache _cache;
        private readonly SingleFlight _flights;
        private readonly Session _session;
        private readonly List<Flight> _toDepart = [];
        private readonly List<(Flight Flight, int Version)> _away = [];
        private readonly List<Caller> _callers = [];
        private readonly List<SecretValue> _made = [];
        private readonly int[] _version = new int[3];
        private readonly int[] _oldestAllowed = new int[3];

        public History(int seed)
        {
            (_seed, _random) = (seed, new Random(seed));
            _cache = new SecretCache(1_000_000, _clock, StaleFor);
            _flights = new SingleFlight(_cache, _clock);
            _session = new Session(Idle, _clock);
            _session.Locked += reason => _flights.Close(SessionGate.Refusal(reason), abandon: reason != LockReason.Backend);
            _session.Unlocked += _flights.Open;
        }

        public int Values { get; private set; }

        public int Refusals { get; private set; }

        public int Stale { get; private set; }

        public void Run(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                Step();
                Check();
            }

            // Whatever is under way arrives: then nobody waits any more.
            Depart();
            while (_away.Count > 0)
                Land(0);
            Check();
            Expect(_callers.Count == 0, $"{_callers.Count} callers wait for ever");
            Expect(_flights.Count == 0, $"{_flights.Count} flights never landed");
            _session.Lock(LockReason.Person);
            Expect(_cache.Count == 0, "a lock left something in the cache");
            foreach (var value in _made)
                Expect(IsWiped(value), "somebody still holds a value after the lock");
        }

        public void Dispose()
        {
            _session.Dispose();
            _cache.Dispose();
        }

        private void Step()
        {
            switch (_random.Next(24))
            {
                case < 9: Read(_random.Next(3), fresh: _random.Next(6) == 0); break;
                case < 12: Depart(); break;
                case < 16 when _away.Count > 0: Land(_random.Next(_away.Count)); break;
                case 16 when _callers.Count > 0: _callers[_random.Next(_callers.Count)].Leave.Cancel(); break;
                case 17 or 18: _clock.Advance(TimeSpan.FromSeconds(_random.Next(1, 90))); break;
                case 19: _session.Lock((LockReason)_random.Next(4)); break;
                case 20 or 21: _session.TryUnlock(_session.Locks); break;
                case 22: Invalidate(_random.Next(4)); break;
                case 23: _version[_random.Next(3)]++; break;
            }
        }

        private void Read(int which, bool fresh)
        {
            _session.Touch();
            if (_session.LockedBy is not null)
            {
                // As the gate has it: nobody passes; whoever came before the lock is told so by the flights.
                Expect(_flights.Join(Key(which), References[which], fresh, default, out var none).Result.Problem is not null && none is null, "a lock let somebody in");
                Refusals++;
                return;
            }

            if (!fresh && _cache.Find(Key(which)) is { } cached)
            {
                if (cached.IsStale)
                    Refresh(which);
                using (cached)
                    Delivered(which, cached, _oldestAllowed[which]);
                return;
            }

            var caller = new Caller(which, _oldestAllowed[which], fresh ? _version[which] : 0);
            caller.Outcome = _flights.Join(Key(which), References[which], fresh, caller.Leave.Token, out var begun);
            _callers.Add(caller);
            if (begun is not null)
                _toDepart.Add(begun);
        }

        private void Refresh(int which)
        {
            Stale++;
            if (_flights.TryBegin(Key(which), References[which], out var outcome) is not { } begun)
                return;
            _toDepart.Add(begun);
            _callers.Add(new Caller(which, _oldestAllowed[which], 0) { Outcome = outcome });
        }

        private void Depart()
        {
            foreach (var flight in _flights.Depart(_toDepart))
                _away.Add((flight, _version[Which(flight)]));
            // Those that stayed behind had nobody waiting; they are nobody's any more.
            _toDepart.Clear();
        }

        private void Land(int index)
        {
            var (flight, version) = _away[index];
            _away.RemoveAt(index);
            if (_random.Next(6) == 0)
            {
                _flights.Land(flight, BackendOutcome.Of(new BackendFailure(_random.Next(2) == 0 ? ErrorCode.NotFound : ErrorCode.BackendError, "no")), TimeSpan.Zero);
                return;
            }

            var value = SecretValue.CopyOf(Encoding.ASCII.GetBytes($"{Which(flight)}:{version}"));
            _made.Add(value);
            _flights.Land(flight, BackendOutcome.Of(value), TimeToLive);
        }

        private void Invalidate(int which)
        {
            _flights.Invalidate(which == 3 ? null : new HashSet<string> { References[which].Text });
            for (var i = 0; i < 3; i++)
            {
                if (which == 3 || which == i)
                    _oldestAllowed[i] = _version[i];
            }
        }

        /// <summary>Takes what callers have been given, and looks at it.</summary>
        private void Check()
        {
            if (_session.InForce is { } reason)
                Expect(_cache.Count == 0, $"values are kept through a lock ({reason})");
            foreach (var caller in _callers.Where(caller => caller.Outcome.IsCompleted).ToList())
            {
                _callers.Remove(caller);
                if (caller.Outcome.IsCanceled)
                    continue;
                using var outcome = caller.Outcome.Result;
                // A backend's lock lets those who wait already have their answer; no other does.
                if (outcome.Value is not null)
                    Expect(_session.InForce is null or LockReason.Backend, $"a value after a lock ({_session.InForce})");
                Delivered(caller.Which, outcome, Math.Max(caller.OldestAllowed, caller.Freshest));
            }
        }

        private void Delivered(int which, ReadOutcome outcome, int oldest)
        {
            if (outcome.Value is not { } value)
            {
                Refusals++;
                return;
            }

            var parts = Encoding.ASCII.GetString(value.Bytes).Split(':');
            Expect(parts[0] == which.ToString(), "another reference's value");
            Expect(int.Parse(parts[1]) >= oldest, $"a value older than what the caller may see: {parts[1]} < {oldest}");
            Values++;
        }

        private static SecretKey Key(int which) => new("b", null, References[which].Text);

        private static int Which(Flight flight) => Array.FindIndex(References, reference => reference.Text == flight.Reference.Text);

        private static bool IsWiped(SecretValue value)
        {
            if (!value.TryHold())
                return true;
            value.Dispose();
            return false;
        }

        private void Expect(bool isTrue, string what) => Assert.True(isTrue, $"seed {_seed}: {what}");
    }

    private sealed record Caller(int Which, int OldestAllowed, int Freshest)
    {
        public CancellationTokenSource Leave { get; } = new();

        public Task<ReadOutcome> Outcome { get; set; } = null!;
    }
}
