using Opx.Protocol.Interop;

namespace Opx.Protocol.Tests.Interop;

public sealed unsafe class SecretMemoryTests
{
    [Theory]
    [InlineData(0, 64)]
    [InlineData(1, 64)]
    [InlineData(64, 64)]
    [InlineData(65, 128)]
    [InlineData(4_096, 4_096)]
    [InlineData(16_384, 16_384)]
    public void A_block_is_the_next_power_of_two(int length, int expected)
    {
        var block = SecretMemory.Allocate(length, out var capacity);
        SecretMemory.Release(block, capacity);

        Assert.Equal(expected, capacity);
    }

    [Fact]
    public void A_large_block_is_whole_pages()
    {
        var block = SecretMemory.Allocate(1_000_001, out var capacity);
        new Span<byte>(block, capacity).Fill(7);
        SecretMemory.Release(block, capacity);

        Assert.InRange(capacity, 1_000_001, 1_000_001 + Environment.SystemPageSize);
        Assert.Equal(0, capacity % Environment.SystemPageSize);
    }

    [Fact]
    public void What_is_given_back_is_wiped_whole_and_given_out_again()
    {
        var first = SecretMemory.Allocate(10_000, out var capacity);
        new Span<byte>(first, capacity).Fill(7);
        SecretMemory.Release(first, capacity);

        // Not read through the pointer that was given back: somebody else may have the block by now.
        var again = SecretMemory.Allocate(10_000, out _);
        Assert.Equal(-1, new Span<byte>(again, capacity).IndexOf((byte)7));
        SecretMemory.Release(again, capacity);
    }

    [Fact]
    public void No_two_have_the_same_block()
    {
        var blocks = new (nint At, int Capacity)[2_000];
        for (var i = 0; i < blocks.Length; i++)
        {
            var block = SecretMemory.Allocate(i % 300, out var capacity);
            new Span<byte>(block, capacity).Fill((byte)i);
            blocks[i] = ((nint)block, capacity);
        }

        for (var i = 0; i < blocks.Length; i++)
            Assert.Equal(-1, new Span<byte>((byte*)blocks[i].At, blocks[i].Capacity).IndexOfAnyExcept((byte)i));
        foreach (var (at, capacity) in blocks)
            SecretMemory.Release((byte*)at, capacity);
    }

    [Fact]
    public void It_is_locked_and_kept_from_core_files_and_children()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc/self/smaps is Linux");
        var block = SecretMemory.Allocate(100_000, out var capacity);
        var flags = Flags((nint)block);
        SecretMemory.Release(block, capacity);

        Assert.Contains("dd", flags);
        Assert.Contains("dc", flags);
        Assert.SkipUnless(flags.Contains("lo"), "this process may lock no more memory (RLIMIT_MEMLOCK)");
    }

    /// <summary>The flags of the mapping that holds the address, as proc(5) calls them.</summary>
    private static string[] Flags(nint address)
    {
        var inside = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var word = line.Split(' ')[0];
            if (!word.EndsWith(':') && word.Split('-') is [var from, var to])
                inside = Convert.ToInt64(from, 16) <= address && address < Convert.ToInt64(to, 16);
            else if (inside && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                return line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        return [];
    }
}
