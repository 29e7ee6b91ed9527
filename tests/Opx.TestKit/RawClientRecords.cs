namespace Opx.TestKit;

/// <summary>Lies under TLS and remembers the head of the last record that came: how a connection ended is not to be seen from above.</summary>
internal sealed class RawClientRecords(Stream inner) : Stream
{
    private readonly byte[] _head = new byte[5];
    private int _headLength;
    private int _left;

    /// <summary>Bytes that came, of whatever kind.</summary>
    public long Received { get; private set; }

    /// <summary>The last whole record is an alert: by its type (TLS 1.2), or by the length that only an encrypted alert has (TLS 1.3).</summary>
    public bool EndsWithAlert => _headLength == 0 && Received > 0 && (_head[0] == 21 || (_head[0] == 23 && _head[3] == 0 && _head[4] == 19));

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        Follow(buffer.Span[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Follow(buffer.AsSpan(offset, read));
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private void Follow(ReadOnlySpan<byte> bytes)
    {
        Received += bytes.Length;
        foreach (var b in bytes)
        {
            if (_left > 0)
            {
                _left--;
                continue;
            }

            _head[_headLength++] = b;
            if (_headLength < _head.Length)
                continue;
            (_headLength, _left) = (0, (_head[3] << 8) | _head[4]);
        }
    }
}
