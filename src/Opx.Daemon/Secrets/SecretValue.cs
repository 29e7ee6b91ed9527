using Opx.Protocol.Interop;

namespace Opx.Daemon.Secrets;

/// <summary>
/// A value: bytes in <see cref="SecretMemory"/>, counted holders, wiped when the last one leaves. Nobody reads a buffer that is being wiped,
/// because whoever reads holds it.
/// </summary>
/// <remarks>
/// The one who makes a value holds it once. Each <see cref="TryHold"/> that answered true wants one <see cref="Dispose"/>.
/// </remarks>
internal sealed unsafe class SecretValue : IDisposable
{
    private readonly byte* _bytes;
    private readonly int _length;
    private readonly int _capacity;
    private int _holders = 1;

    private SecretValue(int length)
    {
        _length = length;
        _bytes = SecretMemory.Allocate(length, out _capacity);
    }

    public static SecretValue CopyOf(ReadOnlySpan<byte> bytes)
    {
        var value = new SecretValue(bytes.Length);
        bytes.CopyTo(new Span<byte>(value._bytes, bytes.Length));
        return value;
    }

    public int Length => _length;

    /// <summary>The bytes, for as long as the caller holds the value.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _holders) == 0, this);
            return new ReadOnlySpan<byte>(_bytes, _length);
        }
    }

    /// <summary>One more holder; false where the last one has left already and the value is gone.</summary>
    public bool TryHold()
    {
        var holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            var before = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (before == holders)
                return true;
            holders = before;
        }

        return false;
    }

    public void Dispose()
    {
        var left = Interlocked.Decrement(ref _holders);
        ObjectDisposedException.ThrowIf(left < 0, this);
        if (left == 0)
            SecretMemory.Release(_bytes, _capacity);
    }

    public override string ToString() => "[secret]";
}
