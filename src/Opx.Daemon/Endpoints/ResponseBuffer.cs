using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Opx.Daemon.Endpoints;

/// <summary>A growing buffer for one answer. Its arrays are pinned, so the collector makes no copies of them, and wiped before they are let go.</summary>
internal sealed class ResponseBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SmallSize = 4_096;
    private const int MostKept = 64;

    private static readonly ConcurrentBag<byte[]> Small = [];

    private byte[] _bytes = Small.TryTake(out var kept) ? kept : GC.AllocateArray<byte>(SmallSize, pinned: true);
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        Release(_bytes, _length);
        _bytes = [];
        _length = 0;
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - _length >= more)
            return;
        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(_bytes.Length * 2, checked(_length + more)), pinned: true);
        Written.CopyTo(larger);
        Release(_bytes, _length);
        _bytes = larger;
    }

    private static void Release(byte[] bytes, int length)
    {
        CryptographicOperations.ZeroMemory(bytes.AsSpan(0, length));
        if (bytes.Length == SmallSize && Small.Count < MostKept)
            Small.Add(bytes);
    }
}
