using System.Security.Cryptography;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Secrets;

/// <summary>
/// Bytes that may be secret, of a length nobody knows beforehand: in <see cref="SecretMemory"/>, wiped wherever they leave.
/// </summary>
internal sealed unsafe class SecretBuffer : IDisposable
{
    private byte* _bytes;
    private int _capacity;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => new(_bytes, Length);

    /// <summary>The bytes, to be changed in place. Valid until the next call.</summary>
    public Span<byte> Written => new(_bytes, Length);

    /// <summary>The bytes and the room behind them. Valid until the next call.</summary>
    public Span<byte> Block => new(_bytes, _capacity);

    /// <summary>Space behind the bytes, to write into before <see cref="Advance"/>. Valid until the next call.</summary>
    public Span<byte> Room(int atLeast)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(atLeast, 1);
        if (_capacity - Length < atLeast)
            Grow(checked(Length + atLeast));
        return new Span<byte>(_bytes + Length, _capacity - Length);
    }

    /// <summary>So many bytes of the room now belong to the buffer.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_capacity - Length));
        Length += count;
    }

    /// <summary>Takes bytes off the end again.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        CryptographicOperations.ZeroMemory(Written[length..]);
        Length = length;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        bytes.CopyTo(Room(bytes.Length));
        Advance(bytes.Length);
    }

    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = null;
        Length = 0;
        SecretMemory.Release(bytes, Interlocked.Exchange(ref _capacity, 0));
    }

    public override string ToString() => "[secret]";

    // A new block each time: realloc would leave the old bytes behind unwiped.
    private void Grow(int needed)
    {
        var wanted = Math.Max(needed, (int)Math.Min(int.MaxValue / 2, Math.Max(4096L, 2L * _capacity)));
        var bytes = SecretMemory.Allocate(wanted, out var capacity);
        Bytes.CopyTo(new Span<byte>(bytes, Length));
        SecretMemory.Release(_bytes, _capacity);
        _bytes = bytes;
        _capacity = capacity;
    }
}
