using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>A lease that came with a secret.</summary>
internal sealed record LeaseGrant(string Id, TimeSpan Duration, bool IsRenewable);

/// <summary>What a path's answer holds: one secret with its keys, or bytes that have none.</summary>
internal sealed class SecretData : IDisposable
{
    private readonly VaultAnswer _answer;
    private readonly Range _data;
    private readonly bool _hasKeys;

    private SecretData(VaultAnswer answer, Range data, bool hasKeys) => (_answer, _data, _hasKeys) = (answer, data, hasKeys);

    /// <summary>How long the server says that it is good for; null where it does not say.</summary>
    public TimeSpan? KeepFor { get; private init; }

    public LeaseGrant? Lease { get; private init; }

    /// <summary>Bytes of all that is kept with it.</summary>
    public int Length => _answer.Body.Length;

    /// <summary>Takes the answer over. Null where it holds no secret; then <paramref name="failure"/> says why.</summary>
    public static SecretData? Of(VaultAnswer answer, MountedPath mounted, string title, out BackendFailure? failure)
    {
        failure = null;
        var body = answer.Body.Bytes;
        var isJson = JsonScan.IsObject(body);
        if (!isJson)
        {
            failure = NotJsonFault(answer, mounted.HoldsJson, title);
            if (failure is null)
                return new SecretData(answer, Range.All, hasKeys: false);
            answer.Dispose();
            return null;
        }

        // All of Vault's own answers have the envelope; a document that an engine hands through has not, and is then the secret itself.
        var isWrapped = mounted.HoldsJson || HasEnvelope(body);
        var data = isWrapped ? JsonScan.Find(body, "data") : body;
        if (mounted.IsVersioned || (mounted.MayBeVersioned && IsVersion(data)))
            data = JsonScan.Find(data, "data");
        if (JsonScan.IsNothing(data))
        {
            failure = new BackendFailure(ErrorCode.NotFound, $"{title} has nothing at this path: check the path in the reference");
            answer.Dispose();
            return null;
        }

        var seconds = isWrapped ? Math.Clamp(JsonScan.Number(JsonScan.Find(body, "lease_duration")), 0, int.MaxValue) : 0;
        var id = isWrapped ? JsonScan.Text(JsonScan.Find(body, "lease_id")) : null;
        // A lease without time is over already; without a lease, 0 says nothing.
        TimeSpan? keepFor = seconds > 0 || id is { Length: > 0 } ? TimeSpan.FromSeconds(seconds) : null;
        var lease = seconds > 0 && id is { Length: > 0 }
            ? new LeaseGrant(id, TimeSpan.FromSeconds(seconds), JsonScan.IsTrue(JsonScan.Find(body, "renewable")))
            : null;
        body.Overlaps(data, out var at);
        return new SecretData(answer, at..(at + data.Length), hasKeys: true) { KeepFor = keepFor, Lease = lease };
    }

    /// <summary>A key's value, or the whole secret.</summary>
    public (SecretValue? Value, BackendFailure? Failure) Read(string? key)
    {
        var data = _answer.Body.Bytes[_data];
        if (key is null)
            return (_hasKeys ? JsonScan.Compact(data) : SecretValue.CopyOf(data), null);
        if (!_hasKeys)
            return (null, new BackendFailure(
                ErrorCode.NotFound, "what lies at this path has no keys: leave '#' and the key out of the reference"));
        var value = JsonScan.Find(data, key);
        if (value.IsEmpty)
            return (null, new BackendFailure(
                ErrorCode.NotFound, "the secret has no such key: check what follows the '#' in the reference"));
        if (!JsonScan.IsString(value))
            return (JsonScan.Compact(value), null);
        return JsonScan.Unescape(value) is { } text
            ? (text, null)
            : (null, new BackendFailure(
                ErrorCode.BackendError, "the value is no valid Unicode: write it to the backend anew, in base64 if it is no text"));
    }

    public void Dispose() => _answer.Dispose();

    private static bool HasEnvelope(ReadOnlySpan<byte> body) =>
        !JsonScan.Find(body, "request_id").IsEmpty || !JsonScan.Find(body, "lease_id").IsEmpty || !JsonScan.Find(body, "lease_duration").IsEmpty;

    // KV 2, where the server does not tell what is mounted.
    private static bool IsVersion(ReadOnlySpan<byte> data) =>
        JsonScan.Find(data, "data") is [(byte)'{', ..] && JsonScan.Find(data, "metadata") is [(byte)'{', ..] && JsonScan.Count(data) == 2;

    private static BackendFailure? NotJsonFault(VaultAnswer answer, bool holdsJson, string title)
    {
        if (answer.Body.Length == 0)
            return new BackendFailure(ErrorCode.NotFound, $"{title} has nothing at this path: check the path in the reference");
        // A login page in front of the server, or an answer that was cut off, is no secret.
        if (VaultFailures.IsPage(answer))
            return VaultFailures.PageInPlaceOf(title);
        return holdsJson || answer.ContentType is "application/json"
            ? new BackendFailure(ErrorCode.BackendError, $"the answer of {title} is not whole, or no JSON: try again")
            : null;
    }
}
