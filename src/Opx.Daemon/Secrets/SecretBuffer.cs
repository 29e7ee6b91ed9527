using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Opx.Daemon.Secrets;

/// <summary>
/// Bytes that may be secret, of a length nobody knows beforehand: outside the collector's heap, wiped wherever they leave.
/// </summary>
internal sealed unsafe class SecretBuffer : IDisposable
{
    private byte* _bytes;
    private int _capacity;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => new(_bytes, Length);

    /// <summary>The bytes, to be changed in place. Valid until the next call.</summary>
    public Span<byte> Written => new(_bytes, Length);

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
        Release(bytes, Interlocked.Exchange(ref _capacity, 0));
    }

    public override string ToString() => "[secret]";

    // A new block each time: realloc would leave the old bytes behind unwiped.
    private void Grow(int needed)
    {
        var capacity = Math.Max(needed, (int)Math.Min(int.MaxValue, Math.Max(4096L, 2L * _capacity)));
        var bytes = (byte*)NativeMemory.Alloc((nuint)capacity);
        Bytes.CopyTo(new Span<byte>(bytes, Length));
        Release(_bytes, _capacity);
        _bytes = bytes;
        _capacity = capacity;
        GC.AddMemoryPressure(capacity);
    }

    private static void Release(byte* bytes, int capacity)
    {
        if (bytes is null)
            return;
        CryptographicOperations.ZeroMemory(new Span<byte>(bytes, capacity));
        NativeMemory.Free(bytes);
        GC.RemoveMemoryPressure(capacity);
    }
}
