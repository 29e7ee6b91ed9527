namespace Opx.Daemon.Backends.Vault.Exchange;

/// <summary>
/// Exchanges through a worker process that lives while there is something to do: whatever HTTP and TLS have left in its memory goes back to
/// the kernel with it. One that has been busy for long is replaced without anybody's noticing.
/// </summary>
internal sealed class WorkerExchange(WorkerProgram program, ServerTrust trust, TimeProvider clock) : IVaultExchange
{
    /// <summary>How long a worker without work stays: the next command of a script finds it, and the connection that it has open.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1);

    /// <summary>How long one is given new work at most.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly HashSet<Shift> _shifts = [];
    private Shift? _current;
    private bool _isOver;

    /// <summary>Of the worker that gets the next request; null where none runs. For tests.</summary>
    internal WorkerProcess? Current
    {
        get
        {
            lock (_lock)
                return _current?.Worker;
        }
    }

    public async Task<VaultAnswer> SendAsync(VaultRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Enter() is not { } shift)
            return VaultAnswer.Of(ExchangeFault.WorkerLost);
        try
        {
            return await shift.Worker.SendAsync(request, cancellation);
        }
        finally
        {
            Leave(shift);
        }
    }

    public void End()
    {
        lock (_lock)
        {
            foreach (var shift in _shifts)
            {
                shift.Idle.Dispose();
                shift.Worker.Kill();
            }

            _shifts.Clear();
            _current = null;
        }
    }

    public void Retire()
    {
        lock (_lock)
            RetireCurrent();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            End();
        }
    }

    private Shift? Enter()
    {
        lock (_lock)
        {
            if (_isOver)
                return null;
            if (_current is { } current && (current.Worker.Ended.IsCompleted || clock.GetElapsedTime(current.Began) >= LongestLife))
                RetireCurrent();
            if (_current is null)
            {
                var shift = new Shift(new WorkerProcess(program.For(trust), trust), clock.GetTimestamp());
                shift.Idle = clock.CreateTimer(_ => EndIfIdle(shift), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _shifts.Add(shift);
                _current = shift;
            }

            _current.UnderWay++;
            _current.Idle.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return _current;
        }
    }

    private void Leave(Shift shift)
    {
        lock (_lock)
        {
            if (--shift.UnderWay > 0 || !_shifts.Contains(shift))
                return;
            if (_current == shift && !shift.Worker.Ended.IsCompleted)
                shift.Idle.Change(IdleTime, Timeout.InfiniteTimeSpan);
            else
                Remove(shift);
        }
    }

    private void EndIfIdle(Shift shift)
    {
        lock (_lock)
        {
            if (shift.UnderWay == 0)
                Remove(shift);
        }
    }

    private void RetireCurrent()
    {
        if (_current is { UnderWay: 0 } idle)
            Remove(idle);
        _current = null;
    }

    private void Remove(Shift shift)
    {
        _shifts.Remove(shift);
        if (_current == shift)
            _current = null;
        shift.Idle.Dispose();
        shift.Worker.Kill();
    }

    private sealed class Shift(WorkerProcess worker, long began)
    {
        public WorkerProcess Worker { get; } = worker;

        public long Began { get; } = began;

        public int UnderWay { get; set; }

        public ITimer Idle { get; set; } = null!;
    }
}
