using Opx.Daemon.Backends.Vault.Login;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>One batch from beginning to end: sorted by path, read, and what was denied read once more after one new login.</summary>
internal sealed class VaultBatch(VaultConnection connection, string title, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly List<WantedPath> _paths = [];
    private BackendOutcome?[] _outcomes = [];

    /// <summary>Throws when cancelled; nothing of what has come is left then.</summary>
    public async Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation)
    {
        Sort(batch.References, batch.Fresh);
        try
        {
            await ReadAsync(cancellation);
        }
        catch
        {
            foreach (var outcome in _outcomes)
                outcome?.Value?.Dispose();
            throw;
        }

        return [.. _outcomes.Select(outcome => outcome!.Value)];
    }

    private void Sort(IReadOnlyList<SecretReference> references, IReadOnlySet<string> fresh)
    {
        _outcomes = new BackendOutcome?[references.Count];
        var came = connection.Leases.Stamp();
        var byPath = new Dictionary<VaultPath, WantedPath>();
        for (var i = 0; i < references.Count; i++)
        {
            if (VaultReference.Parse(references[i], out var why) is not { } reference)
            {
                _outcomes[i] = BackendOutcome.Of(new BackendFailure(ErrorCode.UnsupportedRef, why));
                continue;
            }

            if (!byPath.TryGetValue(reference.Path, out var wanted))
                _paths.Add(byPath[reference.Path] = wanted = new WantedPath(reference.Path, [], came));
            wanted.Keys.Add(new WantedKey(i, references[i].Text, reference.Key, fresh.Contains(references[i].Text)));
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        if (_paths.Count == 0)
            return;
        // A login has limits of its own, a person's time in them perhaps; the reads' begins after it.
        var login = await connection.Tokens.GetAsync(cancellation);
        if (login.Token is null)
        {
            Fail(_paths, login.Failure!);
            return;
        }

        var denied = await ReadAsync(_paths, login.Token, cancellation);
        var refused = denied.Where(path => login.Token.IsDenied(path.Path.Path)).ToArray();
        Fail(refused, PathFailures.Denied(title));
        WantedPath[] again = [.. denied.Except(refused)];
        if (again.Length == 0)
            return;
        var another = await connection.Tokens.ReplaceAsync(login.Token, cancellation);
        if (another.Token is null)
        {
            Fail(again, another.Failure!);
            return;
        }

        denied = await ReadAsync(again, another.Token, cancellation);
        foreach (var path in denied)
            another.Token.Deny(path.Path.Path);
        Fail(denied, PathFailures.Denied(title));
    }

    /// <returns>The paths that were denied.</returns>
    private async Task<List<WantedPath>> ReadAsync(IReadOnlyCollection<WantedPath> paths, VaultToken token, CancellationToken cancellation)
    {
        if (!token.Value.TryHold())
        {
            // Dropped since it was handed out: as good as denied.
            return [.. paths];
        }

        using var timer = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            return await connection.Paths.ReadAsync(paths, token, _outcomes, either.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            Fail(paths, new BackendFailure(
                ErrorCode.BackendTimeout,
                $"{title} at {connection.Server.Address} did not answer within {Limit.TotalSeconds:0} seconds: try again"));
            return [];
        }
        finally
        {
            token.Value.Dispose();
        }
    }

    // Only where there is no outcome yet: a path that is late does not take away what others have.
    private void Fail(IEnumerable<WantedPath> paths, BackendFailure failure)
    {
        foreach (var key in paths.SelectMany(path => path.Keys))
            _outcomes[key.Index] ??= BackendOutcome.Of(failure);
    }
}
