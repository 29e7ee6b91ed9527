namespace Opx.Daemon.Backends.Vault.Login;

/// <summary>Renews a token when two thirds of its life are over, and tries again in what is left while the server is away.</summary>
internal sealed class TokenRenewal : IDisposable
{
    // Timers stand still while the machine sleeps: none is relied on for longer.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly VaultClient _client;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private VaultToken? _token;
    private long _since;
    private TimeSpan _due;

    public TokenRenewal(VaultClient client, TimeProvider clock)
    {
        (_client, _clock) = (client, clock);
        _timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Follow(VaultToken token)
    {
        lock (_lock)
        {
            _token = token;
            Schedule();
        }
    }

    public void Stop()
    {
        lock (_lock)
        {
            _token = null;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Schedule()
    {
        if (_token is not { IsRenewable: true, Left: { } left } || left <= TimeSpan.Zero)
            return;
        var wait = left * 2 / 3;
        (_since, _due) = (_clock.GetTimestamp(), wait > ShortestWait ? wait : ShortestWait);
        Wait();
    }

    private void Wait()
    {
        var left = _due - _clock.GetElapsedTime(_since);
        _timer.Change(left < LongestWait ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        VaultToken token;
        lock (_lock)
        {
            if (_token is null)
                return;
            if (_clock.GetElapsedTime(_since) < _due)
            {
                Wait();
                return;
            }

            token = _token;
        }

        _ = Task.Run(() => RenewAsync(token));
    }

    private async Task RenewAsync(VaultToken token)
    {
        if (token.IsOver || !token.Value.TryHold())
            return;
        try
        {
            using var timer = new CancellationTokenSource(Limit, _clock);
            using var body = new JsonBody();
            var reply = await _client.SendAsync(new VaultCall("POST", "auth/token/renew-self") { Token = token.Value, Body = body }, timer.Token);
            using var answer = reply.Answer;
            if (answer is { Status: 200 } && JsonScan.IsObject(answer.Body.Bytes))
            {
                token.Renewed(LoginCall.Life(JsonScan.Find(answer.Body.Bytes, "auth", "lease_duration")));
            }
            else if (answer is not null)
            {
                // Not allowed to renew itself, or dead. In the one case it is good for what is left, in the other the next read finds out.
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The server is away; there is some time left.
        }
        finally
        {
            token.Value.Dispose();
        }

        lock (_lock)
        {
            if (_token == token)
                Schedule();
        }
    }
}
