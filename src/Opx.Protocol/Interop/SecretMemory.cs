using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Opx.Protocol.Interop;

/// <summary>
/// Memory for values: pages outside the collector's heap, which moves and copies; not swapped and not in a core file, where the system lets
/// us; wiped when they are given back. What is large goes back to the system at once.
/// </summary>
/// <remarks>
/// Blocks of powers of two are cut from regions that stay, because a page of its own for each password would use up what may be locked
/// (RLIMIT_MEMLOCK, 8 MiB on many systems) after two thousand of them. Past that limit values are kept all the same, and may be swapped.
/// </remarks>
public static unsafe partial class SecretMemory
{
    private const int SmallestBlock = 64;
    private const int LargestBlock = 16 * 1024;
    private const int RegionSize = 64 * 1024;

    private static readonly Lock Guard = new();
    private static readonly Stack<nint>[] Free = [.. Enumerable.Range(0, ClassOf(LargestBlock) + 1).Select(_ => new Stack<nint>())];
    private static readonly int Page = Environment.SystemPageSize;

    /// <summary>A block of at least this size. What it holds is not defined.</summary>
    /// <param name="capacity">Its real size, for <see cref="Release"/>.</param>
    public static byte* Allocate(int length, out int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > LargestBlock)
        {
            capacity = checked((length + Page - 1) / Page * Page);
            return Map(capacity);
        }

        var blocks = Free[ClassOf(length)];
        capacity = SmallestBlock << ClassOf(length);
        lock (Guard)
        {
            if (blocks.Count == 0)
            {
                var region = Map(RegionSize);
                for (var at = RegionSize - capacity; at >= 0; at -= capacity)
                    blocks.Push((nint)(region + at));
            }

            return (byte*)blocks.Pop();
        }
    }

    /// <summary>Wipes the block and takes it back.</summary>
    public static void Release(byte* block, int capacity)
    {
        if (block is null)
            return;
        CryptographicOperations.ZeroMemory(new Span<byte>(block, capacity));
        if (capacity > LargestBlock)
        {
            _ = Unmap(block, (nuint)capacity);
            return;
        }

        lock (Guard)
            Free[ClassOf(capacity)].Push((nint)block);
    }

    private static int ClassOf(int length) => Math.Max(0, BitOperations.Log2((uint)Math.Max(length - 1, 1)) + 1 - BitOperations.Log2(SmallestBlock));

    private static byte* Map(int size)
    {
        const int readAndWrite = 3, doNotFork = 10, doNotDump = 16;
        var privateAndAnonymous = OperatingSystem.IsMacOS() ? 0x1002 : 0x22;
        var region = Map(null, (nuint)size, readAndWrite, privateAndAnonymous, -1, 0);
        if (region == (byte*)-1)
            throw new InsufficientMemoryException("no memory is left for values");
        // None of these may fail a read: a system that refuses keeps values as it keeps everything else.
        _ = LockPages(region, (nuint)size);
        if (OperatingSystem.IsLinux())
        {
            _ = Advise(region, (nuint)size, doNotDump);
            _ = Advise(region, (nuint)size, doNotFork);
        }

        return region;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(byte* where, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* where, nuint length);

    [LibraryImport("libc", EntryPoint = "mlock")]
    private static partial int LockPages(byte* where, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* where, nuint length, int advice);
}
