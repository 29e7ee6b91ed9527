using Opx.Daemon.Listening;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Listening;

public sealed class ListeningSocketTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly uint _us = ProcessIdentity.EffectiveUserId();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_socket_is_removed_once_even_if_the_next_gets_its_number()
    {
        var first = ListeningSocket.Bind(_home.In("s"), _us);
        first.RemoveOurs();
        var second = ListeningSocket.Bind(_home.In("s"), _us);
        first.RemoveOurs();

        Assert.True(FileStatus.Of(_home.In("s"))!.Value.IsSocket);
        second.RemoveOurs();
        Assert.Null(FileStatus.Of(_home.In("s")));
        first.Socket.Dispose();
        second.Socket.Dispose();
    }

    [Fact]
    public void A_socket_of_another_user_is_left_alone()
    {
        var theirs = ListeningSocket.Bind(_home.In("s"), _us);
        theirs.Socket.Dispose();

        Assert.Contains("is a socket of user", Assert.Throws<OpxPathException>(() => ListeningSocket.Bind(_home.In("s"), _us + 1)).Message);
        Assert.True(FileStatus.Of(_home.In("s"))!.Value.IsSocket);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("SELF", "2")]
    [InlineData("SELF", null)]
    [InlineData(null, "1")]
    public void A_socket_that_was_passed_to_another_process_is_not_taken(string? pid, string? count)
    {
        var environment = new Dictionary<string, string?>
        {
            ["LISTEN_PID"] = pid == "SELF" ? Environment.ProcessId.ToString() : pid,
            ["LISTEN_FDS"] = count,
        };

        Assert.Null(ListeningSocket.FromActivation(environment.GetValueOrDefault, _home.In("s")));
    }

    [Fact]
    public async Task A_lock_outlives_a_collection_of_garbage_and_is_released_at_its_end()
    {
        PrivateDirectory.Ensure(_home.Paths.RuntimeDirectory, _us);
        var clock = new ManualClock();
        var taken = await InstanceLock.TryTakeAsync(_home.Paths, _us, clock);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        var second = InstanceLock.TryTakeAsync(_home.Paths, _us, clock);
        await clock.WaitForTimersAsync(1);
        Assert.False(second.IsCompleted);
        taken!.Dispose();
        clock.Advance(TimeSpan.FromMilliseconds(25));

        using var next = await second;
        Assert.NotNull(next);
    }

    [Fact]
    public async Task A_holder_that_neither_answers_nor_goes_is_reported_after_ten_seconds()
    {
        PrivateDirectory.Ensure(_home.Paths.RuntimeDirectory, _us);
        var clock = new ManualClock();
        using var taken = await InstanceLock.TryTakeAsync(_home.Paths, _us, clock);
        var second = InstanceLock.TryTakeAsync(_home.Paths, _us, clock);
        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(11) && !second.IsCompleted; waited += TimeSpan.FromSeconds(1))
        {
            await Task.WhenAny(second, clock.WaitForTimersAsync(1));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Contains("stop that process", (await Assert.ThrowsAsync<OpxPathException>(() => second)).Message);
    }

    [Theory]
    [InlineData("directory")]
    [InlineData("link")]
    [InlineData("owner")]
    public async Task A_lock_file_that_is_not_ours_is_refused(string fault)
    {
        PrivateDirectory.Ensure(_home.Paths.RuntimeDirectory, _us);
        var path = _home.Paths.InstanceLockFile;
        if (fault == "directory")
            Directory.CreateDirectory(path);
        else if (fault == "link")
            File.CreateSymbolicLink(path, _home.Write("target", "precious"u8));
        else
            await File.WriteAllTextAsync(path, "");

        await Assert.ThrowsAsync<OpxPathException>(() => InstanceLock.TryTakeAsync(_home.Paths, fault == "owner" ? _us + 1 : _us, new ManualClock()));
    }

    [Theory]
    [InlineData(0x1ED, true)]
    [InlineData(0x3FF, true)]
    [InlineData(0x1FF, false)]
    [InlineData(0x1F8, false)]
    public void A_moved_socket_may_lie_where_nobody_else_can_replace_it(int mode, bool accepted)
    {
        var shared = _home.MakeDirectory("shared", (UnixFileMode)mode);
        _home.Environment[EnvironmentNames.SocketPath] = Path.Combine(shared, "s");

        if (accepted)
            RuntimeDirectory.Prepare(_home.Paths, _us);
        else
            Assert.Contains(shared, Assert.Throws<OpxPathException>(() => RuntimeDirectory.Prepare(_home.Paths, _us)).Message);
    }

    [Fact]
    public void A_moved_socket_needs_a_directory_that_is_there()
    {
        _home.Environment[EnvironmentNames.SocketPath] = _home.In("missing/s");

        Assert.Contains("does not exist", Assert.Throws<OpxPathException>(() => RuntimeDirectory.Prepare(_home.Paths, _us)).Message);
    }

    [Fact]
    public void Memory_comes_back_clean_and_only_once()
    {
        using var pool = new ClearingMemoryPool();
        var block = pool.Rent();
        var memory = block.Memory;
        "secret"u8.CopyTo(memory.Span);
        block.Dispose();
        block.Dispose();

        Assert.Equal(-1, memory.Span.IndexOfAnyExcept((byte)0));
        using var first = pool.Rent();
        using var second = pool.Rent();
        Assert.False(first.Memory.Span.Overlaps(second.Memory.Span));
    }
}
