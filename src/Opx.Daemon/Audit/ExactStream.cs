using Microsoft.Win32.SafeHandles;

namespace Opx.Daemon.Audit;

/// <summary>
/// What the file sink writes into. Its own stream keeps what it could not write and writes it with the next record, after the read that it
/// belongs to was refused, and leaves half lines. Here a flush is one write: whole in the file, or taken back and gone.
/// </summary>
internal sealed class ExactStream(FileStream file) : Stream
{
    private readonly MemoryStream _pending = new();

    /// <summary>Asked for once: each time, the stream moves the file's position to its own.</summary>
    public SafeFileHandle Handle { get; } = file.SafeFileHandle;

    /// <summary>Bytes that are in the file.</summary>
    public long Written { get; private set; } = file.Length;

    /// <summary>A write stopped half way, and what it left could not be taken back.</summary>
    public bool HasHalfLine { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Written;

    public override long Position
    {
        get => Written;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer) => _pending.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => _pending.Write(buffer, offset, count);

    public override void Flush()
    {
        if (_pending.Length == 0)
            return;
        try
        {
            RandomAccess.Write(Handle, _pending.GetBuffer().AsSpan(0, (int)_pending.Length), Written);
            Written += _pending.Length;
        }
        catch
        {
            TakeBack();
            throw;
        }
        finally
        {
            _pending.SetLength(0);
            if (_pending.Capacity > 256 * 1024)
                _pending.Capacity = 0;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pending.Dispose();
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private void TakeBack()
    {
        try
        {
            RandomAccess.SetLength(Handle, Written);
        }
        catch (IOException)
        {
            HasHalfLine = true;
            // Half a line stays; whoever opens the file next ends it, and the reader calls it torn.
        }
    }
}
