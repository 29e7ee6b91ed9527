using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Opx.Daemon.Backends;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Integration.Tests;

/// <summary>A backend that does as it is told, and says what it was asked.</summary>
internal sealed class StubBackend(string name = "stub", int concurrentBatches = 1) : ISecretBackend
{
    private readonly ConcurrentQueue<BackendBatch> _batches = new();
    private readonly Channel<bool> _arrived = Channel.CreateUnbounded<bool>();
    private readonly Channel<bool> _cancelled = Channel.CreateUnbounded<bool>();
    private TaskCompletionSource _gate = Open();
    private int _signInChecks;

    public string Name => name;

    public int ConcurrentBatches => concurrentBatches;

    /// <summary>The batches that came, as their references joined by spaces.</summary>
    public IEnumerable<string> Batches => _batches.Select(batch => string.Join(' ', batch.References));

    public IEnumerable<string?> Accounts => _batches.Select(batch => batch.Account);

    public int SignInChecks => Volatile.Read(ref _signInChecks);

    /// <summary>What a reference comes to.</summary>
    public Func<SecretReference, BackendOutcome> Answer { get; set; } = reference => Value($"value of {reference}");

    /// <summary>What the backend says of its own session; null for signed in.</summary>
    public BackendFailure? SignIn { get; set; }

    /// <summary>Whoever asks for that waits for this.</summary>
    public TaskCompletionSource SignInGate { get; set; } = Open();

    public static BackendOutcome Value(string text) => Value(Encoding.UTF8.GetBytes(text));

    public static BackendOutcome Value(byte[] bytes) => BackendOutcome.Of(SecretValue.CopyOf(bytes));

    public static BackendOutcome Failure(ErrorCode code, string detail = "words of ours", TimeSpan? retryAfter = null) =>
        BackendOutcome.Of(new BackendFailure(code, detail, retryAfter));

    /// <summary>Batches wait from now on, until <see cref="Release"/>.</summary>
    public StubBackend Hold()
    {
        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return this;
    }

    public void Release() => _gate.TrySetResult();

    /// <summary>Completes when one more batch has come than this was awaited for before.</summary>
    public Task ArrivedAsync() => _arrived.Reader.ReadAsync().AsTask().WaitAsync(TestKit.RawClient.Patience, TimeProvider.System);

    /// <summary>Completes when one more batch has been cancelled.</summary>
    public Task CancelledAsync() => _cancelled.Reader.ReadAsync().AsTask().WaitAsync(TestKit.RawClient.Patience, TimeProvider.System);

    public async Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation)
    {
        var gate = _gate;
        _batches.Enqueue(batch);
        _arrived.Writer.TryWrite(true);
        try
        {
            await gate.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            _cancelled.Writer.TryWrite(true);
            throw;
        }

        return [.. batch.References.Select(reference => Answer(reference))];
    }

    public async Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _signInChecks);
        await SignInGate.Task.WaitAsync(cancellation);
        return SignIn;
    }

    public BackendStatus Status() => new(Name, "ready", null, _batches.Count, 0, 0, 0);

    private static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
