using Opx.Daemon.Sessions;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Sessions;

public sealed class SessionTests
{
    private readonly ManualClock _clock = new();

    private Session Authenticated(TimeSpan idle)
    {
        var session = new Session(idle, _clock);
        session.Succeeded();
        return session;
    }

    [Fact]
    public void A_session_is_unknown_until_a_read_succeeds()
    {
        using var session = new Session(TimeSpan.FromHours(8), _clock);
        Assert.Equal(SessionState.Unknown, session.State);
        _clock.Advance(TimeSpan.FromHours(9));
        Assert.Equal(SessionState.Unknown, session.State);
        session.Succeeded();
        Assert.Equal(SessionState.Authenticated, session.State);
    }

    [Fact]
    public void An_idle_session_locks_by_itself_with_nobody_looking()
    {
        using var session = Authenticated(TimeSpan.FromMinutes(15));
        var locks = new List<LockReason>();
        session.Locked += locks.Add;
        for (var minute = 0; minute < 16; minute++)
            _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([LockReason.Idle], locks);
    }

    [Fact]
    public void A_read_that_comes_when_the_time_is_over_does_not_keep_the_session_open()
    {
        using var session = Authenticated(TimeSpan.FromMinutes(15));
        _clock.Advance(TimeSpan.FromMinutes(15));
        session.Touch();
        Assert.Equal(SessionState.Locked, session.State);
    }

    [Fact]
    public void A_change_of_the_wall_clock_changes_nothing()
    {
        using var session = Authenticated(TimeSpan.FromMinutes(15));
        _clock.SetWallClock(_clock.GetUtcNow().AddDays(1));
        Assert.Equal(SessionState.Authenticated, session.State);
        _clock.SetWallClock(_clock.GetUtcNow().AddDays(-2));
        _clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(SessionState.Locked, session.State);
    }

    [Fact]
    public void Nobody_is_idle_who_waits_for_a_read()
    {
        using var session = Authenticated(TimeSpan.FromMinutes(15));
        var isReading = true;
        session.IsReading = () => isReading;
        _clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(SessionState.Authenticated, session.State);
        isReading = false;
        session.Succeeded();
        _clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(SessionState.Authenticated, session.State);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(SessionState.Locked, session.State);
    }

    [Fact]
    public void Only_what_changes_is_told_and_by_whom()
    {
        using var session = Authenticated(TimeSpan.FromMinutes(15));
        var changes = new List<SessionChange>();
        session.Changed += changes.Add;
        var somebody = new Opx.Daemon.Audit.Asker("r", new Opx.Protocol.Files.AuditPeer(1, "/bin/x", 2, 3));
        Assert.True(session.TryUnlock(session.Locks, somebody));
        session.Lock(LockReason.Backend);
        session.Lock(LockReason.Person, somebody);
        session.Lock(LockReason.Person, somebody);
        Assert.True(session.TryUnlock(session.Locks, somebody));
        Assert.Equal([new(LockReason.Backend, null), new(LockReason.Person, somebody), new(null, somebody)], changes);
    }

    [Fact]
    public void A_timeout_of_zero_never_locks_but_a_person_may()
    {
        using var session = Authenticated(TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromDays(365));
        Assert.Equal(SessionState.Authenticated, session.State);
        session.Lock(LockReason.Person);
        Assert.Equal(SessionState.Locked, session.State);
    }

    [Fact]
    public void A_persons_lock_outweighs_the_others_and_no_other_way_opens_it()
    {
        using var session = Authenticated(TimeSpan.FromMinutes(15));
        session.Lock(LockReason.Backend);
        session.Lock(LockReason.Person);
        session.Lock(LockReason.Idle);
        session.UnlockAfter(LockReason.Backend);
        session.Succeeded();
        Assert.Equal(LockReason.Person, session.LockedBy);
        session.TryUnlock(session.Locks);
        Assert.Null(session.LockedBy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lock_that_comes_while_the_backend_is_asked_is_not_opened_by_its_answer(bool isLockedBefore)
    {
        using var session = Authenticated(TimeSpan.FromMinutes(15));
        if (isLockedBefore)
            session.Lock(LockReason.Person);
        var locks = session.Locks;
        session.Lock(LockReason.Person);

        Assert.False(session.TryUnlock(locks));
        Assert.Equal(LockReason.Person, session.InForce);
        Assert.True(session.TryUnlock(session.Locks));
    }

    [Fact]
    public void A_read_that_fails_meanwhile_does_not_keep_a_person_from_unlocking()
    {
        using var session = Authenticated(TimeSpan.FromMinutes(15));
        session.Lock(LockReason.Person);
        var locks = session.Locks;
        session.Lock(LockReason.Backend);

        Assert.True(session.TryUnlock(locks));
    }

    [Fact]
    public void The_desktops_lock_holds_like_a_persons()
    {
        using var session = Authenticated(TimeSpan.FromMinutes(15));
        session.Lock(LockReason.Backend);
        session.Lock(LockReason.Desktop);
        session.UnlockAfter(LockReason.Backend);

        Assert.Equal(LockReason.Desktop, session.LockedBy);
    }

    [Fact]
    public void The_status_counts_down_to_the_lock()
    {
        using var session = Authenticated(TimeSpan.FromMinutes(15));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new SessionStatus("authenticated", 900, 600, true), session.Status());
        session.Touch();
        Assert.Equal(900, session.Status().TimeUntilLockSeconds);
    }
}
