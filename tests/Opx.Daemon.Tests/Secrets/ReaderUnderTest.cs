using System.Text;
using Opx.Daemon.Access;
using Opx.Daemon.Audit;
using Opx.Daemon.Backends;
using Opx.Daemon.Identity;
using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Daemon.Sessions;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Secrets;

/// <summary>The reader with everything below it real, but for the backend and the clock.</summary>
internal sealed class ReaderUnderTest : IAsyncDisposable
{
    public static readonly Peer Caller = new(1, 1000, 1000);

    public ReaderUnderTest(
        RecordingBackend? backend = null, IAccessGate? access = null, Func<DaemonOptions, DaemonOptions>? configure = null, IAuditLog? audit = null)
    {
        Backend = backend ?? new RecordingBackend();
        var options = new DaemonOptions { Paths = new OpxPaths("/c", "/d", "/r", "/r/s", false), Backend = BackendKind.Fake };
        options = configure?.Invoke(options) ?? options;
        Cache = new SecretCache(options.Limits.CacheBytes, Clock, options.StaleWhileRevalidate);
        Flights = new SingleFlight(Cache, Clock);
        Session = new Session(options.EnableSessionLock ? options.SessionIdleTimeout : TimeSpan.Zero, Clock);
        Session.Locked += reason => Flights.Close(SessionGate.Refusal(reason), abandon: reason != LockReason.Backend);
        Session.Unlocked += Flights.Open;
        var router = new BackendRouter(BackendKind.Fake, new Dictionary<BackendKind, ISecretBackend> { [BackendKind.Fake] = Backend });
        Reader = new SecretReader(access ?? new AllowSameUser(), audit ?? new NoAuditLog(), Session, router, Cache, Flights, options, Clock);
    }

    public ManualClock Clock { get; } = new();
    public RecordingBackend Backend { get; }
    public SecretCache Cache { get; }
    public SingleFlight Flights { get; }
    public Session Session { get; }
    public SecretReader Reader { get; }

    public SecretKey Key(string reference, string? account = null) => new(Backend.Name, account, reference);

    public async Task<Answer> ReadAsync(string reference, string? account = null, bool fresh = false, CancellationToken cancellation = default) =>
        (await ReadManyAsync([reference], account, fresh, cancellation))[0];

    public async Task<Answer[]> ReadManyAsync(string[] references, string? account = null, bool fresh = false, CancellationToken cancellation = default)
    {
        var parsed = references.Select(text => SecretReference.Parse(text, out _)!).ToArray();
        var outcomes = await Reader.ReadAsync(parsed, new ReadContext(Caller, account, fresh), cancellation);
        return [.. outcomes.Select(Taken)];
    }

    /// <summary>Waits until so many callers wait for the reference; a condition, not a time.</summary>
    public async Task WaitForWaitersAsync(string reference, int count)
    {
        for (var i = 0; Flights.WaitersOf(Key(reference)) != count; i++)
        {
            Assert.True(i < 2_000_000, $"{Flights.WaitersOf(Key(reference))} callers wait for {reference}, not {count}");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        Session.Dispose();
        Cache.Dispose();
    }

    private static Answer Taken(ReadOutcome outcome)
    {
        using (outcome)
            return new Answer(outcome.Value is { } value ? Encoding.UTF8.GetString(value.Bytes) : null, outcome.Problem?.Code, outcome.FromCache);
    }

    internal sealed record Answer(string? Value, ErrorCode? Code, bool FromCache);
}
