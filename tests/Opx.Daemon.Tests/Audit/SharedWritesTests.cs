using Opx.Daemon.Audit;
using Opx.Daemon.Listening.Polling;
using Opx.Daemon.Tests.Listening;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Tests.Audit;

public sealed class SharedWritesTests
{
    private static readonly Problem Full = new(ErrorCode.Internal, "the disk is full");

    private readonly CountingLog _log = new();
    private readonly SharedWrites _writes;

    public SharedWritesTests() => _writes = new SharedWrites(_log);

    [Fact]
    public void Records_of_one_round_are_one_write_and_nobody_goes_on_before_it() => RoundThread.Run(round =>
    {
        round.Looks(atLast: false);
        var first = Append("one");
        round.Looks(atLast: true);
        var second = Append("two", "three");
        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.Empty(_log.Writes);
        round.Finish();
        Assert.True(first.IsCompletedSuccessfully && second.IsCompletedSuccessfully);
        Assert.Equal([["one", "two", "three"]], _log.Writes);
    });

    [Fact]
    public void Whoever_is_alone_in_a_round_waits_for_nobody() => RoundThread.Run(round =>
    {
        round.Looks(atLast: true);
        Assert.True(Append("one").IsCompletedSuccessfully);
        Assert.Equal([["one"]], _log.Writes);
    });

    [Fact]
    public void Where_the_write_fails_everybody_of_the_round_is_refused_and_the_next_round_tries_again() => RoundThread.Run(round =>
    {
        _log.Failure = Full;
        var failed = Two(round);
        Assert.All(failed, record => Assert.Same(Full, record.Result));
        _log.Failure = null;
        Assert.All(Two(round), record => Assert.Null(record.Result));
        Assert.Equal(2, _log.Writes.Count);
    });

    [Fact]
    public void Where_the_log_throws_the_first_learns_of_it_and_nobody_else_takes_a_record_for_written() => RoundThread.Run(round =>
    {
        _log.Throws = true;
        var records = Two(round);
        Assert.True(records[0].IsFaulted);
        Assert.NotNull(records[1].Result);
    });

    [Fact]
    public async Task On_a_thread_without_rounds_each_is_written_at_once()
    {
        await Task.Run(() => Assert.True(Append("one").IsCompletedSuccessfully));
        Assert.Equal([["one"]], _log.Writes);
    }

    private Task<Problem?>[] Two(Round round)
    {
        round.Looks(atLast: false);
        Task<Problem?>[] records = [Append("one"), Append("two")];
        round.Finish();
        return records;
    }

    private Task<Problem?> Append(params string[] references) => _writes.AppendAsync([.. references.Select(Event)]).AsTask();

    private static AuditEvent Event(string reference) => new(AuditEvents.AccessDecision) { Reference = reference };

    private sealed class CountingLog : IAuditLog
    {
        public List<string?[]> Writes { get; } = [];
        public Problem? Failure { get; set; }
        public bool Throws { get; set; }
        public bool IsOn => true;

        public Problem? Refusal(int records) => null;

        public Problem? Append(params ReadOnlySpan<AuditEvent> events)
        {
            if (Throws)
                throw new InvalidOperationException("nobody expects this");
            Writes.Add([.. events.ToArray().Select(e => e.Reference)]);
            return Failure;
        }
    }
}
