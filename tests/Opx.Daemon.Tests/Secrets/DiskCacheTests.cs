using System.Text;
using Opx.Daemon.Secrets;
using Opx.Daemon.Secrets.OnDisk;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Secrets;

public sealed class DiskCacheTests : IDisposable
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(120);

    private readonly TemporaryHome _home = new();
    private readonly ManualClock _clock = new();
    private readonly StringWriter _log = new();

    private string Sealed => Path.Combine(_home.Path, "cache.sealed");

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_leased_value_is_for_no_other_daemon_which_would_find_it_given_back()
    {
        using (var first = Begin())
        {
            first.Keep("op://v/i/1", "one");
            using var leased = SecretValue.CopyOf("leased"u8);
            first.Cache.Keep(new SecretKey("vault", null, "vault://database/creds/app#password"), leased, TimeToLive, 0, isLeased: true);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        using var second = Begin();
        Assert.Equal("one", second.Find("op://v/i/1"));
        Assert.Null(second.Find("vault://database/creds/app#password", backend: "vault"));
    }

    [Fact]
    public void What_was_kept_is_there_again_with_account_backend_and_what_is_left_of_its_time()
    {
        using (var first = Begin())
        {
            first.Keep("op://v/i/1", "one");
            first.Keep("op://v/i/1", "other", account: "A");
            first.Keep("op://v/i/1", "vaults", backend: "vault");
            first.Keep("op://v/i/long", new string('x', 100_000));
            _clock.Advance(TimeSpan.FromSeconds(20));
        }

        _clock.Advance(TimeSpan.FromSeconds(30));
        using var second = Begin();
        Assert.Equal("one", second.Find("op://v/i/1"));
        Assert.Equal("other", second.Find("op://v/i/1", account: "A"));
        Assert.Equal("vaults", second.Find("op://v/i/1", backend: "vault"));
        Assert.Equal(100_000, second.Find("op://v/i/long")!.Length);
        using var outcome = second.Cache.Find(new SecretKey("b", null, "op://v/i/1"))!.Value;
        Assert.Equal(TimeSpan.FromSeconds(70), outcome.Lifetime);
        Assert.Equal(77, outcome.ResolvedAtUnix);
    }

    [Fact]
    public void Nothing_is_older_than_its_time_whatever_the_wall_clock_says()
    {
        using (var first = Begin())
        {
            first.Keep("op://v/i/1", "one");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _clock.Advance(TimeToLive);
        _clock.SetWallClock(_clock.GetUtcNow() - TimeToLive);
        using var second = Begin();
        Assert.Equal(0, second.Cache.Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000)]
    public void A_wall_clock_that_went_back_or_far_ahead_empties_it(int seconds)
    {
        using (var first = Begin())
        {
            first.Keep("op://v/i/1", "one");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _clock.SetWallClock(_clock.GetUtcNow().AddSeconds(seconds - 1));
        using var second = Begin();
        Assert.Equal(0, second.Cache.Count);
    }

    [Fact]
    public void A_shorter_time_of_now_wins_over_the_longer_of_then()
    {
        using (var first = Begin())
        {
            first.Keep("op://v/i/1", "one");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        using var second = Begin(TimeSpan.FromSeconds(5));
        using var outcome = second.Cache.Find(new SecretKey("b", null, "op://v/i/1"))!.Value;
        Assert.Equal(TimeSpan.FromSeconds(5), outcome.Lifetime);
    }

    [Fact]
    public void What_is_over_leaves_the_file_though_nobody_touches_anything()
    {
        using var test = Begin();
        test.Keep("op://v/i/1", "one");
        _clock.Advance(TimeSpan.FromSeconds(60));
        test.Keep("op://v/i/2", "two");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var both = File.ReadAllBytes(Sealed).Length;
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.InRange(File.ReadAllBytes(Sealed).Length, 1, both - 1);
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.False(File.Exists(Sealed));
        Assert.False(File.Exists(Path.Combine(_home.Path, "cache.key")));
    }

    [Fact]
    public void What_one_backend_forgets_is_out_of_the_file_when_the_call_returns()
    {
        using var test = Begin();
        test.Keep("vault://a#b", "one", backend: "vault");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(File.Exists(Sealed));
        test.Cache.RemoveOf("vault");
        Assert.False(File.Exists(Sealed));
    }

    [Fact]
    public void A_key_that_nobody_keeps_is_said_and_nothing_is_written()
    {
        using var cache = new SecretCache(1_000_000, _clock);
        using var disk = new DiskCache(
            new SealedFile(Sealed, ProcessIdentity.EffectiveUserId(), new NoRoom()), "boot", "no_room", cache, _log, _clock);
        using var test = new Followed(cache, disk);
        disk.Begin(TimeToLive);
        Assert.Null(disk.Fault);
        test.Keep("op://v/i/1", "one");
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("cannot be written: its key cannot be kept", disk.Fault);
        Assert.False(File.Exists(Sealed));
        Assert.Equal("one", test.Find("op://v/i/1"));
    }

    [Fact]
    public void What_a_lock_cannot_remove_is_said()
    {
        using var test = Begin();
        Directory.CreateDirectory(Sealed);
        File.WriteAllText(Path.Combine(Sealed, "in the way"), "");
        test.Disk.Locked();
        Assert.Contains("cannot be removed", test.Disk.Fault);
    }

    [Fact]
    public void Another_run_of_the_machine_finds_nothing()
    {
        using (var first = Begin())
        {
            first.Keep("op://v/i/1", "one");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        using var second = Begin(boot: "another");
        Assert.Equal(0, second.Cache.Count);
    }

    [Fact]
    public void What_is_taken_out_is_out_of_the_file_when_the_call_returns()
    {
        using var test = Begin();
        test.Keep("op://v/i/1", "one");
        test.Keep("op://v/i/2", "two");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(File.Exists(Sealed));

        test.Cache.Remove(new HashSet<string> { "op://v/i/1" });
        Assert.False(File.Exists(Sealed));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(File.Exists(Sealed));
    }

    [Fact]
    public void A_lock_destroys_the_file_and_its_key_and_a_stop_does_not()
    {
        using var test = Begin();
        test.Keep("op://v/i/1", "one");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var copy = File.ReadAllBytes(Sealed);
        test.Disk.Leave();
        test.Cache.Remove(references: null);
        test.Disk.Locked();
        Assert.True(File.Exists(Sealed));

        using var next = Begin();
        next.Cache.Remove(references: null);
        next.Disk.Locked();
        Assert.False(File.Exists(Sealed));
        File.WriteAllBytes(Sealed, copy);
        File.SetUnixFileMode(Sealed, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var last = Begin();
        Assert.Equal(0, last.Cache.Count);
    }

    [Fact]
    public void A_file_of_before_is_nothing_any_more_though_its_key_is_the_same()
    {
        using (var first = Begin())
        {
            first.Keep("op://v/i/1", "one");
            _clock.Advance(TimeSpan.FromSeconds(1));
            var old = File.ReadAllBytes(Sealed);
            first.Keep("op://v/i/1", "newer");
            _clock.Advance(TimeSpan.FromSeconds(1));
            File.WriteAllBytes(Sealed, old);
        }

        using var second = Begin();
        Assert.Equal(0, second.Cache.Count);
        Assert.Contains("the disk cache cannot be read: it is not the one that was written last", _log.ToString());
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_said_in_the_log_and_nothing_else_fails()
    {
        using var test = Begin();
        Directory.CreateDirectory(Sealed);
        test.Keep("op://v/i/1", "one");
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("one", test.Find("op://v/i/1"));
        Assert.Contains("disk cache cannot be written", _log.ToString());
    }

    [Fact]
    public void The_kernels_keyring_keeps_a_key_until_it_is_told_to_forget_it()
    {
        Assert.SkipUnless(KernelKeyring.IsUsable, "this system keeps no keys for us");
        var ring = new KernelKeyring($"opx:test:{Guid.NewGuid():n}");
        Assert.Null(ring.Load());
        using var key = SealingKey.New();
        using var next = key.Next();

        Assert.True(ring.TryStore(key, TimeSpan.FromMinutes(1)));
        Assert.True(ring.TryStore(next, TimeSpan.FromMinutes(1)));
        using (var loaded = ring.Load()!)
        {
            Assert.Equal(next.Bytes, loaded.Bytes);
            Assert.Equal(1, loaded.Generation);
            Assert.Equal(key.Key, loaded.Key);
        }

        ring.Forget();
        Assert.Null(ring.Load());
        ring.Forget();
    }

    private Followed Begin(TimeSpan? timeToLive = null, string boot = "boot")
    {
        var cache = new SecretCache(1_000_000, _clock);
        var keys = new KeyFile(Path.Combine(_home.Path, "cache.key"), ProcessIdentity.EffectiveUserId());
        var file = new SealedFile(Sealed, ProcessIdentity.EffectiveUserId(), keys);
        var disk = new DiskCache(file, boot, keys.Name, cache, _log, _clock);
        disk.Begin(timeToLive ?? TimeToLive);
        return new Followed(cache, disk);
    }

    private sealed class NoRoom : ISealingKeyStore
    {
        public string Name => "no_room";

        public SealingKey? Load() => null;

        public bool TryStore(SealingKey key, TimeSpan lifetime) => false;

        public void Forget()
        {
        }
    }

    private sealed record Followed(SecretCache Cache, DiskCache Disk) : IDisposable
    {
        public void Keep(string reference, string value, string? account = null, string backend = "b")
        {
            using var secret = SecretValue.CopyOf(Encoding.UTF8.GetBytes(value));
            Cache.Keep(new SecretKey(backend, account, reference), secret, TimeToLive, 77);
        }

        public string? Find(string reference, string? account = null, string backend = "b")
        {
            using var outcome = Cache.Find(new SecretKey(backend, account, reference)) ?? default;
            return outcome.Value is { } value ? Encoding.UTF8.GetString(value.Bytes) : null;
        }

        public void Dispose()
        {
            Disk.Dispose();
            Cache.Dispose();
        }
    }
}
