using System.Security.Authentication;

namespace Opx.Client.Interop;

/// <summary>
/// The client's side of TLS 1.3, by the system's OpenSSL. <see cref="System.Net.Security.SslStream"/> does the same and more (it looks for stores, builds
/// a chain, binds six hundred functions): a tenth of a cached read. Nothing is trusted here: whoever opens one compares <see cref="PeerCertificate"/>.
/// </summary>
internal sealed unsafe class OpenSslStream : Stream
{
    // The largest record, its head and its tag.
    private const int MostRecordBytes = 16 * 1024 + 512;

    private readonly UnixStream _socket;
    private readonly nint _ssl;
    private readonly nint _incoming = OpenSsl.NewBuffer();
    private readonly nint _outgoing = OpenSsl.NewBuffer();
    private readonly byte[] _ciphertext = GC.AllocateUninitializedArray<byte>(MostRecordBytes);
    private bool _isDisposed;

    private OpenSslStream(UnixStream socket)
    {
        _socket = socket;
        _ssl = OpenSsl.New(OpenSsl.Context);
        if (_ssl == 0 || _incoming == 0 || _outgoing == 0)
            throw new InsufficientMemoryException("no memory is left for TLS");
        OpenSsl.SetBuffers(_ssl, _incoming, _outgoing);
    }

    public static bool IsHere => OpenSsl.Context != 0;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The handshake. The socket is the stream's from then on.</summary>
    /// <param name="meanwhile">Done while the other side works on its half of the handshake.</param>
    /// <exception cref="AuthenticationException">What answers does not speak TLS 1.3.</exception>
    /// <exception cref="IOException">The connection was lost.</exception>
    public static OpenSslStream Connect(UnixStream socket, Action meanwhile)
    {
        var stream = new OpenSslStream(socket);
        try
        {
            while (stream.Result(OpenSsl.Connect(stream._ssl)) is null)
            {
                meanwhile();
                meanwhile = () => { };
                if (!stream.Receive())
                    throw new IOException("the connection was closed during the handshake");
            }
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        return stream;
    }

    /// <summary>The certificate of the other side, DER.</summary>
    public byte[] PeerCertificate()
    {
        var certificate = OpenSsl.PeerCertificate(_ssl);
        try
        {
            var bytes = new byte[Math.Max(0, OpenSsl.Encode(certificate, null))];
            fixed (byte* first = bytes)
            {
                var at = first;
                _ = OpenSsl.Encode(certificate, &at);
            }

            return bytes;
        }
        finally
        {
            OpenSsl.FreeCertificate(certificate);
        }
    }

    /// <returns>Zero where the other side has said goodbye, or has gone without.</returns>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        fixed (byte* bytes = buffer)
        {
            int? count;
            while ((count = Result(OpenSsl.Read(_ssl, bytes, buffer.Length))) is null)
            {
                if (!Receive())
                    return 0;
            }

            return count.Value;
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            if (!buffer.IsEmpty && Result(OpenSsl.Write(_ssl, bytes, buffer.Length)) != buffer.Length)
                throw new IOException("TLS did not take what was to be sent");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        OpenSsl.Free(_ssl);
        if (disposing)
            _socket.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>What a call came to, after all that it had to say was sent: a count, zero for a goodbye, null where it needs to hear more.</summary>
    private int? Result(int result)
    {
        var error = result > 0 ? 0 : OpenSsl.Error(_ssl, result);
        OpenSsl.ClearErrors();
        Send();
        return error switch
        {
            0 => result,
            OpenSsl.WantsToRead => null,
            OpenSsl.WasClosed => 0,
            _ => throw new AuthenticationException("what the other side sent is not TLS 1.3"),
        };
    }

    private void Send()
    {
        fixed (byte* bytes = _ciphertext)
        {
            int count;
            while ((count = OpenSsl.Take(_outgoing, bytes, _ciphertext.Length)) > 0)
                _socket.Write(_ciphertext.AsSpan(0, count));
        }
    }

    /// <returns>False where the connection has ended.</returns>
    private bool Receive()
    {
        var count = _socket.Read(_ciphertext);
        fixed (byte* bytes = _ciphertext)
            return count > 0 && OpenSsl.Give(_incoming, bytes, count) == count;
    }
}
