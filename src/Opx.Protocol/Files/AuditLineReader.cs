namespace Opx.Protocol.Files;

/// <summary>How a line ended.</summary>
public enum AuditLineEnd
{
    /// <summary>With a newline, as all do.</summary>
    Whole,

    /// <summary>With the file: the daemon is writing it, or was stopped while it did.</summary>
    Torn,

    /// <summary>Longer than any record of ours; its beginning is given.</summary>
    TooLong,
}

/// <summary>Reads lines one after the other in a bounded amount of memory, whatever the file holds.</summary>
public sealed class AuditLineReader(Stream file)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _offset;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Where the line after the one that was read last begins, from where reading began.</summary>
    public long NextStart => _offset;

    /// <summary>The next line without its newline, valid until the next call; false at the end of the file.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line, out AuditLineEnd end)
    {
        var looked = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = Take(looked + newline, skip: 1);
                end = AuditLineEnd.Whole;
                return true;
            }

            looked = _end - _start;
            if (looked >= AuditLine.MostBytes)
            {
                line = Overlong(looked);
                end = AuditLineEnd.TooLong;
                return true;
            }

            if (Fill())
                continue;
            end = AuditLineEnd.Torn;
            line = looked > 0 ? Take(looked, skip: 0) : default;
            return looked > 0;
        }
    }

    private ReadOnlySpan<byte> Take(int length, int skip)
    {
        var line = _buffer.AsSpan(_start, length);
        Number++;
        _start += length + skip;
        _offset += length + skip;
        return line;
    }

    /// <summary>Passes by the rest of the line; the buffer's beginning, which holds the line's, is left alone.</summary>
    private ReadOnlySpan<byte> Overlong(int length)
    {
        var line = _buffer.AsSpan(_start, Math.Min(length, 1_024)).ToArray();
        Number++;
        while (true)
        {
            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var passed = newline < 0 ? _end - _start : newline + 1;
            _start += passed;
            _offset += passed;
            if (newline >= 0 || !Fill())
                return line;
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, AuditLine.MostBytes + 1));
        var read = file.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
