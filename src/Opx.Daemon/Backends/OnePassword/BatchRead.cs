using Opx.Protocol;

namespace Opx.Daemon.Backends.OnePassword;

/// <summary>
/// One batch from beginning to end. <c>op run</c> fails whole on the first bad reference: that one is taken out and the others asked for
/// again; where nobody knows which it was, they are asked for in halves. One process at a time: each may ask the person.
/// </summary>
internal sealed class BatchRead(OpCalls calls, LargeValues largeValues, string? account)
{
    /// <summary>Processes that may fail in one batch: a machine on which everything fails does not start one for each reference.</summary>
    public const int FailureBudget = 40;

    private static readonly BackendFailure Exhausted = new(ErrorCode.BackendError,
        $"op failed {FailureBudget} times in this batch, with other references too: ask again, for fewer of them at once");

    private static readonly BackendFailure Malformed = new(ErrorCode.UnsupportedRef,
        "1Password wants references of the form op://vault/item[/section]/field");

    private readonly Stack<List<OpReference>> _groups = new();
    private BackendOutcome?[] _outcomes = [];
    private int _failures;

    /// <summary>Throws when cancelled, then with <see cref="Close"/> or <see cref="Discard"/> to follow.</summary>
    public async Task RunAsync(IReadOnlyList<SecretReference> references, CancellationToken cancellation)
    {
        _outcomes = new BackendOutcome?[references.Count];
        Sort(references);
        while (_groups.TryPop(out var group))
        {
            var failure = group.Count == 1 ? await ReadOneAsync(group[0], cancellation) : await ReadManyAsync(group, cancellation);
            if (failure is null)
                continue;
            if (failure.Scope == OpFailureScope.Everybody)
            {
                Close(failure.Failure);
                return;
            }

            Eliminate(group, failure);
            if (++_failures == FailureBudget)
            {
                Close(Exhausted);
                return;
            }
        }
    }

    /// <summary>The outcomes, with this failure for those that have none.</summary>
    public IReadOnlyList<BackendOutcome> Close(BackendFailure? failure = null)
    {
        _groups.Clear();
        for (var i = 0; i < _outcomes.Length; i++)
            _outcomes[i] ??= BackendOutcome.Of(failure ?? OpCalls.Unresolved);
        return [.. _outcomes.Select(outcome => outcome!.Value)];
    }

    /// <summary>Nobody waits any more: wipes what has come.</summary>
    public void Discard()
    {
        foreach (var outcome in _outcomes)
            outcome?.Value?.Dispose();
    }

    private void Sort(IReadOnlyList<SecretReference> references)
    {
        var together = new List<OpReference>();
        for (var i = references.Count - 1; i >= 0; i--)
        {
            if (OpReference.From(references[i], i) is not { } reference)
                _outcomes[i] = BackendOutcome.Of(Malformed);
            else if (reference.IsPlain && !largeValues.Contains(account, reference))
                together.Add(reference);
            else
                _groups.Push([reference]);
        }

        // Last in, first out: the many do not wait for the few.
        together.Reverse();
        Push(together);
    }

    private async Task<OpFailure?> ReadOneAsync(OpReference reference, CancellationToken cancellation)
    {
        var (value, failure) = await calls.ReadAsync(account, reference, cancellation);
        if (value is null)
            return failure;
        largeValues.Learn(account, reference, value.Length);
        _outcomes[reference.Index] = BackendOutcome.Of(value);
        return null;
    }

    private async Task<OpFailure?> ReadManyAsync(List<OpReference> group, CancellationToken cancellation)
    {
        var (values, failure) = await calls.RunAsync(account, group, cancellation);
        if (values is null)
            return failure;
        for (var i = 0; i < group.Count; i++)
            _outcomes[group[i].Index] = values[i] is { } value ? BackendOutcome.Of(value) : BackendOutcome.Of(OpCalls.Unresolved);
        return null;
    }

    private void Eliminate(List<OpReference> group, OpFailure failure)
    {
        var bad = group.Count == 1 ? group
            : failure.Scope == OpFailureScope.Amount ? []
            : NamedReferences.In(failure.Message, group);
        foreach (var reference in bad)
            _outcomes[reference.Index] = BackendOutcome.Of(failure.Failure);
        if (bad.Count > 0)
        {
            Push([.. group.Except(bad)]);
            return;
        }

        var half = group.Count / 2;
        Push([.. group.Skip(half)]);
        Push([.. group.Take(half)]);
    }

    private void Push(List<OpReference> group)
    {
        if (group.Count > 0)
            _groups.Push(group);
    }
}
