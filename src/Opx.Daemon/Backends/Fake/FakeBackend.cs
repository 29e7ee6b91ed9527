using System.Security.Cryptography;
using System.Text;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Fake;

/// <summary>Answers every reference with a value that only depends on it, for tests and for trying things out:
/// <c>fake_</c> and the first 16 hexadecimal digits of SHA-256 over the reference, then <c>|flag</c> for each flag.</summary>
internal sealed class FakeBackend(TimeProvider clock) : ISecretBackend
{
    private readonly CallCounter _calls = new(clock);

    public string Name => "fake";

    public int ConcurrentBatches => 1;

    public Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation)
    {
        _calls.Count(batch.References.Count);
        var outcomes = batch.References.Select(reference => BackendOutcome.Of(Value(reference, batch.Account))).ToArray();
        return Task.FromResult<IReadOnlyList<BackendOutcome>>(outcomes);
    }

    public Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation) => Task.FromResult<BackendFailure?>(null);

    public BackendStatus Status() => _calls.Status(Name, "ready", detail: null);

    private static SecretValue Value(SecretReference reference, string? account)
    {
        var text = account is null ? reference.Text : $"{reference.Text}|{Account.Flag(account)}";
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
        return SecretValue.CopyOf(Encoding.ASCII.GetBytes($"fake_{digest}"));
    }
}
