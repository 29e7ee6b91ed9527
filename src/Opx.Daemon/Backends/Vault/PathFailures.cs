using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>What a path's answer means that is neither a secret nor a denial.</summary>
internal static class PathFailures
{
    public static BackendFailure Of(VaultAnswer answer, bool isVersioned, string title) => answer.Status switch
    {
        404 => NotFound(answer.Body.Bytes, isVersioned, title),
        405 => new(ErrorCode.UnsupportedRef, $"nothing can be read at this path of {title}: check the path in the reference"),
        400 => new(
            ErrorCode.BackendError, $"{title} refuses to read this path (status 400): check the path, the name of a role in it for one"),
        _ => new(ErrorCode.BackendError, $"{title} answers with status {answer.Status}: try to read the path with its own command"),
    };

    /// <summary>After a login that was good: then it is the path that is refused.</summary>
    public static BackendFailure Denied(string title) =>
        new(
            ErrorCode.AccessDenied,
            $"{title} denies access by its own policy: check what the token or the role may read, and the path in the reference");

    // KV v2 says that there was something: a 404 with metadata.
    private static BackendFailure NotFound(ReadOnlySpan<byte> body, bool isVersioned, string title)
    {
        if (isVersioned && JsonScan.IsObject(body))
        {
            if (JsonScan.IsTrue(JsonScan.Find(body, "data", "metadata", "destroyed")))
                return new(ErrorCode.NotFound, "this version of the secret was destroyed: read another one with ?version=N");
            if (JsonScan.Text(JsonScan.Find(body, "data", "metadata", "deletion_time")) is { Length: > 0 })
                return new(ErrorCode.NotFound, "this version of the secret was deleted: undelete it, or read another one with ?version=N");
        }

        return new(ErrorCode.NotFound, $"{title} has nothing at this path: check the path in the reference");
    }
}
