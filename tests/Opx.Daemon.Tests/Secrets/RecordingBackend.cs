using Opx.Daemon.Backends;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Tests.Secrets;

/// <summary>A backend that a test answers by hand: each batch waits until the test lets it go.</summary>
internal sealed class RecordingBackend(string name = "recording", int concurrentBatches = 1) : ISecretBackend
{
    private readonly Lock _lock = new();
    private readonly List<Call> _calls = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public int ConcurrentBatches => concurrentBatches;

    /// <summary>What <see cref="CheckSignInAsync"/> answers.</summary>
    public BackendFailure? SignIn { get; set; }

    public int SignInChecks { get; private set; }

    /// <summary>Answers at once, where a test does not want to.</summary>
    public Func<SecretReference, BackendOutcome>? Answer { get; set; }

    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    public Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation)
    {
        var call = new Call(batch, cancellation);
        lock (_lock)
        {
            _calls.Add(call);
            _arrived.TrySetResult();
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (Answer is { } answer)
            call.Land(answer);
        return call.Outcomes;
    }

    public Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation)
    {
        SignInChecks++;
        return Task.FromResult(SignIn);
    }

    public BackendStatus Status() => new(name, "ready", null, 0, 0, 0, 0);

    /// <summary>The call of that number, as soon as it has been made.</summary>
    public async Task<Call> CallAsync(int index)
    {
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                if (_calls.Count > index)
                    return _calls[index];
                arrived = _arrived.Task;
            }

            await arrived.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    internal sealed class Call(BackendBatch batch, CancellationToken cancellation)
    {
        private readonly TaskCompletionSource<IReadOnlyList<BackendOutcome>> _outcomes = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<string> References { get; } = [.. batch.References.Select(reference => reference.Text)];

        public string? Account { get; } = batch.Account;

        public CancellationToken Cancellation { get; } = cancellation;

        public Task<IReadOnlyList<BackendOutcome>> Outcomes => _outcomes.Task;

        public void Land(Func<SecretReference, BackendOutcome> answer) => _outcomes.TrySetResult([.. batch.References.Select(answer)]);

        /// <summary>Every reference gets its own text and a suffix as its value.</summary>
        public void Land(string suffix = "") => Land(reference => Value(reference.Text + suffix));

        public void Fail(BackendFailure failure) => Land(_ => BackendOutcome.Of(failure));

        public void Throw(Exception exception) => _outcomes.TrySetException(exception);
    }

    public static BackendOutcome Value(string text) => BackendOutcome.Of(SecretValue.CopyOf(System.Text.Encoding.UTF8.GetBytes(text)));
}
