using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Backends;

/// <summary>Something that reads secrets, a batch at a time; a single read is a batch of one.</summary>
internal interface ISecretBackend
{
    /// <summary>As in <c>--backend</c> and in the status.</summary>
    string Name { get; }

    /// <summary>Batches that may be under way for one account at a time. 1 where a person may be asked: one person, one prompt.</summary>
    int ConcurrentBatches { get; }

    /// <summary>
    /// One outcome per reference, in their order. Expected failures are outcomes; an exception is a defect. Values in the outcomes are held
    /// by whoever called. The references of a batch are distinct.
    /// </summary>
    Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation);

    /// <summary>Is the backend's own session good? Asks without a prompt and without using up a quota. Null for yes, else why not.</summary>
    Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation);

    /// <summary>Health and what was spent, without asking anybody.</summary>
    BackendStatus Status();
}

/// <param name="References">Distinct, checked references.</param>
/// <param name="Account">The account to ask; null for the backend's own default.</param>
internal sealed record BackendBatch(IReadOnlyList<SecretReference> References, string? Account)
{
    /// <summary>The texts of those that are wanted newer than anything the backend may have kept itself.</summary>
    public IReadOnlySet<string> Fresh { get; init; } = new HashSet<string>();
}

/// <summary>What a backend says of one reference: a value, or a failure.</summary>
/// <param name="KeepFor">How long the value may be kept at most; null where the backend sets no limit.</param>
/// <param name="IsLeased">The value is worth nothing past that time, nor past the end of this daemon, which gives it back.</param>
internal readonly record struct BackendOutcome(SecretValue? Value, BackendFailure? Failure, TimeSpan? KeepFor = null, bool IsLeased = false)
{
    public static BackendOutcome Of(SecretValue value) => new(value, null);

    public static BackendOutcome Of(BackendFailure failure) => new(null, failure);
}

/// <summary>A typed failure of a backend.</summary>
/// <param name="Detail">What happened and what to do, for the person who asked: words of ours, never the backend's raw output.</param>
/// <param name="RetryAfter">With <see cref="ErrorCode.RateLimited"/>: how long the backend wants to be left alone.</param>
internal sealed record BackendFailure(ErrorCode Code, string Detail, TimeSpan? RetryAfter = null);
