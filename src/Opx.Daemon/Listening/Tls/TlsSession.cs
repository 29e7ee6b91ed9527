using System.Runtime.InteropServices;
using Opx.Daemon.Interop;

namespace Opx.Daemon.Listening.Tls;

/// <summary>What a step of TLS came to.</summary>
internal enum TlsStep
{
    Done,

    /// <summary>The socket has nothing more, or takes nothing more, for now.</summary>
    Wait,

    /// <summary>The other side has said that it sends nothing more.</summary>
    Ended,

    /// <summary>The connection is lost, or what came is not TLS.</summary>
    Failed,
}

/// <summary>
/// The server's side of TLS on one socket that does not block. One call at a time, from whichever thread; none waits for the other side.
/// </summary>
internal sealed unsafe class TlsSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SafeHandle _socket;
    private readonly bool _holdsSocket;
    private nint _ssl;
    private bool _hasBegun;

    /// <exception cref="InsufficientMemoryException">OpenSSL has no memory for it.</exception>
    public TlsSession(TlsContextHandle context, SafeHandle socket)
    {
        _socket = socket;
        _ssl = OpenSsl.New(context);
        if (_ssl == 0)
            throw new InsufficientMemoryException("no memory is left for TLS");
        // OpenSSL writes to the number: it must not become another file's.
        socket.DangerousAddRef(ref _holdsSocket);
        _ = OpenSsl.SetSocket(_ssl, (int)socket.DangerousGetHandle());
    }

    /// <summary>Goes on with the handshake.</summary>
    /// <param name="isMore">Done, and the client's first bytes came with its last word.</param>
    public TlsStep Accept(out bool isMore)
    {
        lock (_lock)
        {
            isMore = false;
            if (_ssl == 0)
                return TlsStep.Failed;
            OpenSsl.ClearErrors();
            var step = Outcome(OpenSsl.Accept(_ssl));
            _hasBegun = step == TlsStep.Done;
            isMore = _hasBegun && OpenSsl.HasPending(_ssl) == 1;
            return step;
        }
    }

    /// <param name="isMore">TLS may have more already, of which the socket does not tell.</param>
    public TlsStep Read(Span<byte> into, out int count, out bool isMore)
    {
        lock (_lock)
        {
            (count, isMore) = (0, false);
            if (_ssl == 0)
                return TlsStep.Failed;
            OpenSsl.ClearErrors();
            fixed (byte* bytes = into)
                count = OpenSsl.Read(_ssl, bytes, into.Length);
            var step = Outcome(count);
            isMore = step == TlsStep.Done && OpenSsl.HasPending(_ssl) == 1;
            return step;
        }
    }

    /// <param name="count">How many of the bytes were taken; at least one where it is done.</param>
    public TlsStep Write(ReadOnlySpan<byte> from, out int count)
    {
        lock (_lock)
        {
            count = 0;
            if (_ssl == 0)
                return TlsStep.Failed;
            OpenSsl.ClearErrors();
            fixed (byte* bytes = from)
                count = OpenSsl.Write(_ssl, bytes, from.Length);
            var step = Outcome(count);
            count = Math.Max(0, count);
            return step;
        }
    }

    /// <summary>
    /// <c>close_notify</c>, as the protocol wants it: without it a client cannot tell the end of an answer from one that was cut off. Nothing can be written after it.
    /// </summary>
    public void Goodbye()
    {
        lock (_lock)
        {
            if (_ssl == 0 || !_hasBegun)
                return;
            OpenSsl.ClearErrors();
            _ = OpenSsl.Shutdown(_ssl);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_ssl == 0)
                return;
            OpenSsl.Free(_ssl);
            _ssl = 0;
            if (_holdsSocket)
                _socket.DangerousRelease();
        }
    }

    private TlsStep Outcome(int result)
    {
        if (result > 0)
            return TlsStep.Done;
        switch (OpenSsl.Error(_ssl, result))
        {
            case OpenSsl.WantsToRead or OpenSsl.WantsToWrite:
                return TlsStep.Wait;
            case OpenSsl.WasClosed:
                return TlsStep.Ended;
            default:
                // After an error of the protocol OpenSSL forbids a goodbye.
                _hasBegun = false;
                return TlsStep.Failed;
        }
    }
}
