using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault.Login;

/// <summary>
/// The token in use: one login for all who wait for it, renewed when two thirds of its life are over, and a pause that grows after logins
/// that failed.
/// </summary>
internal sealed class TokenHolder : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Func<CancellationToken, Task<LoginOutcome>> _logIn;
    private readonly bool _pausesAfterRefusal;
    private readonly TimeProvider _clock;
    private readonly TokenRenewal _renewal;
    private CancellationTokenSource _ended = new();
    private Task<LoginOutcome>? _loggingIn;
    private VaultToken? _token;
    private BackendFailure? _failure;
    private long _failedAt;
    private int _failures;
    private bool _isOver;

    /// <param name="logIn">One login; throws only when cancelled.</param>
    /// <param name="pausesAfterRefusal">False where nothing is sent but a token that somebody may put there at any moment.</param>
    public TokenHolder(VaultClient client, Func<CancellationToken, Task<LoginOutcome>> logIn, bool pausesAfterRefusal, TimeProvider clock)
    {
        (_logIn, _pausesAfterRefusal, _clock) = (logIn, pausesAfterRefusal, clock);
        _renewal = new TokenRenewal(client, clock);
    }

    /// <summary>The token, without asking anybody; null where there is none, or its time is over.</summary>
    public VaultToken? Current
    {
        get
        {
            lock (_lock)
                return _token is { IsOver: false } token ? token : null;
        }
    }

    /// <summary>A login has brought another token than the one before; called before anybody is given it.</summary>
    public event Action? Changed;

    /// <summary>Why the last login failed; null where it did not.</summary>
    public BackendFailure? Failure
    {
        get
        {
            lock (_lock)
                return _failure;
        }
    }

    /// <summary>
    /// The token in use, or one from a login; whoever comes while that is under way waits for it. Throws only when cancelled.
    /// </summary>
    public Task<LoginOutcome> GetAsync(CancellationToken cancellation)
    {
        Task<LoginOutcome> login;
        lock (_lock)
        {
            if (_isOver)
                return Task.FromResult(LoginOutcome.Of(Locked));
            if (_token is { IsOver: false } token)
                return Task.FromResult(LoginOutcome.Of(token));
            if (_loggingIn is null && _failure is { } failure && _clock.GetElapsedTime(_failedAt) < Pause(failure))
                return Task.FromResult(LoginOutcome.Of(failure));
            // Not the caller's own cancellation: the others wait on.
            login = _loggingIn ??= Begin(_ended.Token);
        }

        return login.WaitAsync(cancellation);
    }

    /// <summary>Another token than the one that was refused. Of many who come with the same one, the first leads to a login.</summary>
    public Task<LoginOutcome> ReplaceAsync(VaultToken refused, CancellationToken cancellation)
    {
        Drop(refused);
        return GetAsync(cancellation);
    }

    /// <summary>Begins with a token that a login elsewhere has brought.</summary>
    public void Adopt(VaultToken token)
    {
        lock (_lock)
        {
            _token = token;
            (_failure, _failures) = (null, 0);
            _renewal.Follow(token);
        }
    }

    /// <summary>Ends what is under way and gives the token away: a lock or the end. A login may begin anew afterwards.</summary>
    public VaultToken? TakeAway()
    {
        CancellationTokenSource ended;
        VaultToken? token;
        lock (_lock)
        {
            (ended, _ended) = (_ended, new CancellationTokenSource());
            (token, _token) = (_token, null);
            (_failure, _failures, _loggingIn) = (null, 0, null);
            _renewal.Stop();
        }

        ended.Cancel();
        return token;
    }

    /// <summary>Also for those who come late: no login begins any more.</summary>
    public void Dispose()
    {
        lock (_lock)
            _isOver = true;
        TakeAway()?.Dispose();
        _renewal.Dispose();
    }

    private void Drop(VaultToken token)
    {
        lock (_lock)
        {
            if (_token != token)
                return;
            _token = null;
            _renewal.Stop();
        }

        token.Dispose();
    }

    private Task<LoginOutcome> Begin(CancellationToken ended) => Task.Run(() => LogInAsync(ended), CancellationToken.None);

    private async Task<LoginOutcome> LogInAsync(CancellationToken ended)
    {
        LoginOutcome outcome;
        try
        {
            outcome = await _logIn(ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            outcome = LoginOutcome.Of(Locked);
        }
        catch (Exception defect)
        {
            // Its text may hold anything. Who waits must not wait for ever.
            outcome = LoginOutcome.Of(new BackendFailure(ErrorCode.Internal, $"the login failed unexpectedly ({defect.GetType().Name})"));
        }

        if (outcome.Token is not null)
            Changed?.Invoke();
        lock (_lock)
        {
            if (!ended.IsCancellationRequested)
            {
                _loggingIn = null;
                Keep(outcome);
                return outcome;
            }
        }

        // A lock came in between: what the login brought belongs to nobody.
        outcome.Token?.Dispose();
        return LoginOutcome.Of(Locked);
    }

    private void Keep(LoginOutcome outcome)
    {
        _token?.Dispose();
        _token = outcome.Token;
        _failure = outcome.Failure;
        _failures = outcome.Failure is null ? 0 : _failures + 1;
        _failedAt = _clock.GetTimestamp();
        if (_token is not null)
            _renewal.Follow(_token);
    }

    // Servers lock users out who try too often, and one that is away is not helped by being asked.
    private TimeSpan Pause(BackendFailure failure)
    {
        if (failure.Code == ErrorCode.RateLimited && failure.RetryAfter is { } wait)
            return wait;
        if (failure.Code == ErrorCode.SignInRequired && !_pausesAfterRefusal)
            return TimeSpan.Zero;
        var first = failure.Code == ErrorCode.SignInRequired ? 5 : 1;
        var pause = TimeSpan.FromSeconds(first * Math.Pow(2, Math.Min(_failures - 1, 10)));
        return pause < LongestPause ? pause : LongestPause;
    }

    private static readonly BackendFailure Locked = new(
        ErrorCode.SessionLocked, "the session was locked, or the login ended, while the read was under way: ask again");
}
