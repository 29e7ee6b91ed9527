using Opx.Protocol;

namespace Opx.Client;

/// <summary>One answer. The body may hold values: it lies in pinned memory and is wiped by <see cref="Dispose"/>.</summary>
internal sealed class HttpResponse(int status, TimeSpan? retryAfter, bool keepsConnection, string? server, byte[] buffer, int length) : IDisposable
{
    public int Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>False where the daemon closes the connection after this answer.</summary>
    public bool KeepsConnection { get; } = keepsConnection;

    /// <summary>The <c>Server</c> header: <c>opx-authd/VERSION</c>; another daemon of this protocol may say nothing.</summary>
    public string? Server { get; } = server;

    public ReadOnlyMemory<byte> Body => buffer.AsMemory(0, length);

    public void Dispose() => SecretBytes.Wipe(buffer);
}
