using System.Buffers;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Endpoints;

/// <summary>A growing buffer for one answer, in memory for values: nothing of a large one stays with the daemon.</summary>
internal sealed class ResponseBuffer : MemoryManager<byte>, IBufferWriter<byte>
{
    private readonly SecretBuffer _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.Bytes;

    public void Advance(int count) => _bytes.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var room = GetSpan(sizeHint);
        return CreateMemory(_bytes.Length, room.Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.Room(Math.Max(sizeHint, 1));

    /// <summary>All of the block: what <see cref="GetMemory"/> gave is a part of it.</summary>
    public override Span<byte> GetSpan() => _bytes.Block;

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("its bytes never move");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing) => _bytes.Dispose();
}
