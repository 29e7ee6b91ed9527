using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Opx.Daemon.Listening;

/// <summary>
/// Blocks for the pipes above TLS, cleared when they come back: Kestrel's own pool keeps what a request or an answer left in a block for as
/// long as nobody overwrites it. The transport's pool below TLS sees ciphertext only and stays as it is.
/// </summary>
internal sealed class ClearingMemoryPool : MemoryPool<byte>
{
    private const int BlockSize = 4_096;

    // What a burst needed beyond this goes back to the collector.
    private const int MostKept = 1_024;

    private readonly ConcurrentQueue<Block> _free = new();

    public override int MaxBufferSize => BlockSize;

    /// <summary>A connection's stage before TLS: everything above takes its memory from here.</summary>
    public Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Features.Set<IMemoryPoolFeature>(new Feature(this));
        return next(connection);
    }

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        var block = _free.TryDequeue(out var free) ? free : new Block(this);
        block.Rented();
        return block;
    }

    protected override void Dispose(bool disposing) => _free.Clear();

    private sealed class Feature(MemoryPool<byte> pool) : IMemoryPoolFeature
    {
        public MemoryPool<byte> MemoryPool { get; } = pool;
    }

    private sealed class Block(ClearingMemoryPool pool) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateArray<byte>(BlockSize, pinned: true);
        private int _out;

        public Memory<byte> Memory => _bytes;

        public void Rented() => Volatile.Write(ref _out, 1);

        public void Dispose()
        {
            // A second call must not put the block into the queue twice: two connections would write into it.
            if (Interlocked.Exchange(ref _out, 0) == 0)
                return;
            CryptographicOperations.ZeroMemory(_bytes);
            if (pool._free.Count < MostKept)
                pool._free.Enqueue(this);
        }
    }
}
