using Opx.Daemon.Interop;
using Opx.Protocol;

namespace Opx.Daemon.Backends.OnePassword;

/// <summary>
/// 1Password through its command line program <c>op</c>: one process for a batch, values byte for byte, every failure typed.
/// </summary>
internal sealed class OnePasswordBackend : ISecretBackend
{
    private static readonly TimeSpan AttendedLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan UnattendedLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WhoAmILimit = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock;
    private readonly CallCounter _counter;
    private readonly LargeValues _largeValues = new();
    private readonly OpCalls? _calls;
    private readonly BackendFailure _notFound;
    private readonly bool _isUnattended;

    public OnePasswordBackend(OnePasswordOptions options, IProcessRunner runner, TimeProvider clock)
    {
        var environment = OpEnvironment.From(options.Environment, options.OpPath ?? "op");
        _clock = clock;
        _counter = new CallCounter(clock);
        _isUnattended = environment.IsUnattended;
        _calls = options.OpPath is { } path ? new OpCalls(new OpCommands(path, environment), runner, _counter, clock) : null;
        _notFound = new BackendFailure(ErrorCode.BackendUnavailable,
            options.NotFoundReason ?? $"there is no 1Password CLI: install it or set {EnvironmentNames.OpPath}");
    }

    public string Name => "opcli";

    /// <summary>One person, one prompt.</summary>
    public int ConcurrentBatches => 1;

    public async Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation)
    {
        if (_calls is null)
            return [.. batch.References.Select(_ => BackendOutcome.Of(_notFound))];
        var limit = _isUnattended ? UnattendedLimit : AttendedLimit;
        var read = new BatchRead(_calls, _largeValues, batch.Account);
        using var timer = new CancellationTokenSource(limit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            await read.RunAsync(batch.References, either.Token);
            return read.Close();
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return read.Close(TimedOut(limit));
        }
        catch
        {
            read.Discard();
            throw;
        }
    }

    public async Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation)
    {
        if (_calls is null)
            return _notFound;
        using var timer = new CancellationTokenSource(WhoAmILimit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            return await _calls.WhoAmIAsync(account, either.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return TimedOut(WhoAmILimit);
        }
    }

    public BackendStatus Status() =>
        _calls is null ? _counter.Status(Name, "not_configured", _notFound.Detail) : _counter.Status(Name, "ready", detail: null);

    private BackendFailure TimedOut(TimeSpan limit) => new(ErrorCode.BackendTimeout,
        $"1Password gave no answer within {limit.TotalSeconds:0} seconds: "
        + (_isUnattended ? "check the network and try again" : "look for a prompt of the 1Password app, and try again"));
}
