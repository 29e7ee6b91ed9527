using System.Text;
using Opx.Cli.Output;

namespace Opx.Cli.Tests.Output;

public sealed class WaitingNoticeTests
{
    private readonly StringBuilder _terminal = new();
    private readonly SteppingClock _clock = new();

    [Fact]
    public void An_answer_within_a_second_says_nothing()
    {
        using (new WaitingNotice(["op://a/b/c"], _clock, text => _terminal.Append(text), 80))
        {
        }

        Assert.Equal("", _terminal.ToString());
    }

    [Fact]
    public void The_line_is_written_over_and_taken_away()
    {
        using (new WaitingNotice(["op://a/b/c"], _clock, text => _terminal.Append(text), 80))
        {
            _clock.Step();
            _clock.Step();
        }

        Assert.Equal(
            "\r\u001b[Kopx: waiting for 1Password, which may want your approval since 00:00:00 (1 s)"
            + "\r\u001b[Kopx: waiting for 1Password, which may want your approval since 00:00:00 (2 s)"
            + "\r\u001b[K",
            _terminal.ToString());
    }

    [Fact]
    public void The_seconds_are_those_that_passed_however_late_a_tick_comes_and_whatever_the_clock_is_set_to()
    {
        using (new WaitingNotice(["vault://a#b"], _clock, text => _terminal.Append(text), 80))
        {
            _clock.Step(0.9995);
            _clock.Step(6.4);
            _clock.Set(_clock.GetUtcNow() - TimeSpan.FromHours(1));
            _clock.Step(52.6);
        }

        Assert.Equal(
            "\r\u001b[Kopx: waiting for Vault since 00:00:00 (1 s)"
            + "\r\u001b[Kopx: waiting for Vault since 00:00:00 (7 s)"
            + "\r\u001b[Kopx: waiting for Vault since 00:00:00 (59 s)"
            + "\r\u001b[K",
            _terminal.ToString());
    }

    [Fact]
    public void A_tick_that_comes_late_writes_nothing_behind_the_value()
    {
        new WaitingNotice(["op://a/b/c"], _clock, text => _terminal.Append(text), 80).Dispose();
        _clock.Step();

        Assert.Equal("", _terminal.ToString());
    }

    [Theory]
    [InlineData("Vault", "vault://a#b")]
    [InlineData("OpenBao", "bao://a#b")]
    [InlineData("the backend", "a/b")]
    [InlineData("the backends", "vault://a#b", "op://a/b/c")]
    public void What_is_waited_for_is_told_by_the_references(string what, params string[] references) =>
        Assert.Equal(what, WaitingNotice.What(references));

    [Theory]
    [InlineData(null, null)]
    [InlineData("1.0.0", null)]
    [InlineData("0.9.0", "opx-authd is version 0.9.0 and opx 1.0.0: 'opx daemon restart' starts this one's")]
    public void Another_version_is_said(string? daemon, string? line) => Assert.Equal(line, VersionSkew.Line(daemon, "1.0.0"));

    /// <summary>Ticks a second at a time; its one timer goes off with each, even after it was disposed of, as a real one may.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private long _passed;
        private Action _tick = () => { };

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _tick = () => callback(state);
            return new Timer();
        }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _passed;

        public void Set(DateTimeOffset now) => _now = now;

        public void Step(double seconds = 1)
        {
            var step = TimeSpan.FromSeconds(seconds);
            _now += step;
            _passed += step.Ticks;
            _tick();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
