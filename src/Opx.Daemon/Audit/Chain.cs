using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>
/// The end of the chain, and the lines that are to be put behind it. What has been added counts only after <see cref="Commit"/>: a line that
/// could not be written leaves no gap. Guarded by the lock of <see cref="AuditLog"/>.
/// </summary>
internal sealed class Chain
{
    // A batch of a thousand references makes large buffers; they are not kept.
    private const int MostKept = 256 * 1024;

    private readonly Utf8JsonWriter _writer = AuditLine.NewWriter();
    private readonly byte[] _hash;
    private readonly byte[] _addedHash;
    private readonly ArrayBufferWriter<byte> _text = new(1_024);
    private ArrayBufferWriter<byte> _lines = new(4_096);
    private long _addedSeq;

    public Chain(AuditHead head)
    {
        (Seq, _addedSeq, First) = (head.Seq, head.Seq, head.First);
        _hash = Encoding.ASCII.GetBytes(head.Hash);
        _addedHash = [.. _hash];
    }

    /// <summary>The number of the newest record.</summary>
    public long Seq { get; private set; }

    /// <summary>Its hash.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>The number of the oldest record that retention has left.</summary>
    public long First { get; private set; }

    /// <summary>The lines that have been added.</summary>
    public ReadOnlySpan<byte> Added => _lines.WrittenSpan;

    public void Add(DateTimeOffset now, AuditEvent content)
    {
        _writer.Reset(_text);
        AuditLine.Write(_writer, now, content, ++_addedSeq, _addedHash);
        _writer.Flush();
        Seal(_text.WrittenSpan);
    }

    /// <summary>Adds a signature of everything before it.</summary>
    public void AddCheckpoint(DateTimeOffset now, ECDsa key)
    {
        _writer.Reset(_text);
        AuditLine.WriteCheckpoint(_writer, now, First, ++_addedSeq, _addedHash);
        _writer.Flush();
        Seal(AuditLine.Sign(_text.WrittenSpan, key));
    }

    /// <summary>Records before this one are about to be removed; the next checkpoint says so.</summary>
    public void Forget(long first) => First = Math.Max(First, first);

    public void Commit()
    {
        Seq = _addedSeq;
        _addedHash.CopyTo(_hash, 0);
        Clear();
    }

    public void Discard()
    {
        _addedSeq = Seq;
        _hash.CopyTo(_addedHash, 0);
        Clear();
    }

    private void Seal(ReadOnlySpan<byte> text)
    {
        AuditLine.Seal(text, _lines, _addedHash);
        _text.ResetWrittenCount();
    }

    private void Clear()
    {
        _text.ResetWrittenCount();
        if (_lines.Capacity > MostKept)
            _lines = new ArrayBufferWriter<byte>(4_096);
        else
            _lines.ResetWrittenCount();
    }
}
