using System.Text;
using Opx.Daemon.Backends;
using Opx.Daemon.Secrets;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>What is kept, for how long, and what is never kept.</summary>
public sealed class CacheTests : IAsyncLifetime
{
    private readonly StubBackend _backend = new();
    private DaemonUnderTest _daemon = null!;

    public static TheoryData<string> Values => ["", "plain", "ends\n\n", "a\r\nNAME=value\n{{ op://v/i/f }}", "\u202eright\u202c to left \u0001\u001b[2J", "\"quoted\\\"</script>"];

    public async ValueTask InitializeAsync() => _daemon = await DaemonUnderTest.StartAsync(_backend);

    public async ValueTask DisposeAsync()
    {
        _backend.Release();
        await _daemon.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_comes_out_as_it_went_in_from_backend_and_from_cache(string value)
    {
        _backend.Answer = _ => StubBackend.Value(value);

        Assert.Equal(value, (await _daemon.ReadAsync("op://v/i/f"))["value"]);
        Assert.Equal(value, (await _daemon.ReadAsync("op://v/i/f"))["value"]);
        Assert.Single(_backend.Batches);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_travel_as_base64_beside_an_empty_value()
    {
        byte[] bytes = [0xff, 0x00, 0xfe, .. Enumerable.Range(0, 256).Select(i => (byte)i)];
        _backend.Answer = _ => StubBackend.Value(bytes);

        var answer = await _daemon.ReadAsync("op://v/i/f");
        var resolved = await _daemon.PostAsync(Routes.Resolve, """{"env":{"A":"op://v/i/f"}}""");

        Assert.Equal(["ref", "value", "value_base64", "from_cache", "expires_in_seconds", "resolved_at_unix"], answer.Members);
        Assert.Equal(("", Convert.ToBase64String(bytes)), (answer["value"], answer["value_base64"]));
        Assert.Equal($$$"""{"env":{"A":""},"env_base64":{"A":"{{{Convert.ToBase64String(bytes)}}}"}}""", resolved.Text.Replace("\\u002B", "+"));
    }

    [Fact]
    public async Task A_value_of_several_mebibytes_comes_whole()
    {
        var value = new string('x', 5 * 1024 * 1024) + "end\n";
        _backend.Answer = _ => StubBackend.Value(value);

        Assert.Equal(value, (await _daemon.ReadAsync("op://v/i/f"))["value"]);
    }

    [Fact]
    public async Task A_value_is_kept_until_its_time_is_over_and_not_a_moment_longer()
    {
        await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Advance(TimeSpan.FromSeconds(119.9));
        var last = await _daemon.ReadAsync("op://v/i/f");
        _daemon.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await _daemon.UntilAsync("cache_size", "0");
        var next = await _daemon.ReadAsync("op://v/i/f");

        Assert.Equal(("True", "1"), (last["from_cache"], last["expires_in_seconds"]));
        Assert.Equal("False", next["from_cache"]);
    }

    [Fact]
    public async Task A_backend_can_shorten_the_time_and_not_lengthen_it()
    {
        _backend.Answer = reference =>
            new BackendOutcome(SecretValue.CopyOf("x"u8), null, TimeSpan.FromSeconds(reference.Text.EndsWith("short", StringComparison.Ordinal) ? 5 : 5_000));

        Assert.Equal("5", (await _daemon.ReadAsync("op://v/i/short"))["expires_in_seconds"]);
        Assert.Equal("120", (await _daemon.ReadAsync("op://v/i/long"))["expires_in_seconds"]);
    }

    [Fact]
    public async Task A_time_to_live_of_zero_keeps_nothing()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(new StubBackend(), options => options with { TimeToLive = TimeSpan.Zero });

        Assert.Equal("0", (await daemon.ReadAsync("op://v/i/f"))["expires_in_seconds"]);
        Assert.Equal("False", (await daemon.ReadAsync("op://v/i/f"))["from_cache"]);
        Assert.Equal("0", (await daemon.StatusAsync())["cache_size"]);
    }

    [Fact]
    public async Task A_time_to_live_longer_than_any_timer_leaves_nobody_waiting()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(
            new StubBackend(), options => options with { TimeToLive = TimeSpan.FromDays(60), EnableSessionLock = false });

        Assert.Equal(200, (await daemon.ReadAsync("op://v/i/f")).Status);
        Assert.Equal("True", (await daemon.ReadAsync("op://v/i/f"))["from_cache"]);
    }

    [Theory]
    [InlineData("op://v/i/one-time password?attribute=otp")]
    [InlineData("op://v/i/f?attribute=OTP")]
    [InlineData("OP://v/i/f?ssh-format=openssh&attribute=otp")]
    public async Task A_one_time_password_is_never_kept(string reference)
    {
        var answers = 0;
        _backend.Answer = _ => StubBackend.Value($"{Interlocked.Increment(ref answers)}");

        Assert.Equal(("1", "0"), ((await _daemon.ReadAsync(reference)) is var one ? (one["value"], one["expires_in_seconds"]) : default));
        Assert.Equal("2", (await _daemon.ReadAsync(reference))["value"]);
        Assert.Equal("0", (await _daemon.StatusAsync())["cache_size"]);
    }

    [Fact]
    public async Task A_value_that_does_not_fit_is_served_and_not_kept()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(
            new StubBackend { Answer = _ => StubBackend.Value(new string('x', 10_000)) },
            options => options with { Limits = options.Limits with { CacheBytes = 5_000 } });

        Assert.Equal(10_000, (await daemon.ReadAsync("op://v/i/f"))["value"]!.Length);
        Assert.Equal("False", (await daemon.ReadAsync("op://v/i/f"))["from_cache"]);
    }

    [Fact]
    public async Task Fresh_skips_what_is_kept_and_fills_it_anew()
    {
        var answers = 0;
        _backend.Answer = _ => StubBackend.Value($"{Interlocked.Increment(ref answers)}");
        await _daemon.ReadAsync("op://v/i/f");

        var fresh = await _daemon.ReadAsync("op://v/i/f", fresh: true);
        var after = await _daemon.ReadAsync("op://v/i/f");

        Assert.Equal(("2", "False"), (fresh["value"], fresh["from_cache"]));
        Assert.Equal(("2", "True"), (after["value"], after["from_cache"]));
    }

    [Theory]
    [InlineData("""{"all":true}""")]
    [InlineData("""{"refs":["op://v/i/f"]}""")]
    public async Task A_read_that_began_before_an_invalidation_is_answered_and_not_kept(string body)
    {
        _backend.Hold().Answer = _ => StubBackend.Value("old");
        var early = _daemon.ReadAsync("op://v/i/f");
        await _backend.ArrivedAsync();
        await _daemon.PostAsync(Routes.Invalidate, body);
        _backend.Release();

        var answer = await early;
        Assert.Equal(("old", "0"), (answer["value"], answer["expires_in_seconds"]));
        _backend.Answer = _ => StubBackend.Value("new");
        Assert.Equal("new", (await _daemon.ReadAsync("op://v/i/f"))["value"]);
    }

    [Fact]
    public async Task Who_asks_after_an_invalidation_does_not_join_a_read_from_before_it()
    {
        var answers = 0;
        _backend.Hold().Answer = _ => StubBackend.Value($"{Interlocked.Increment(ref answers)}");
        var early = _daemon.ReadAsync("op://v/i/f");
        await _backend.ArrivedAsync();
        await _daemon.PostAsync(Routes.Invalidate, """{"refs":["op://v/i/f"]}""");
        var late = _daemon.ReadAsync("op://v/i/f");
        await _daemon.UntilAsync("misses", "2");
        _backend.Release();

        Assert.Equal(("1", "2"), ((await early)["value"], (await late)["value"]));
        Assert.Equal("2", (await _daemon.ReadAsync("op://v/i/f"))["value"]);
    }

    [Fact]
    public async Task Nothing_is_kept_when_the_daemon_stops_and_what_is_in_flight_is_answered()
    {
        var daemon = await DaemonUnderTest.StartAsync(_backend.Hold());
        await using var client = await daemon.ConnectAsync();
        await client.SendAsync(Encoding.UTF8.GetBytes(RawClient.Request("POST", Routes.Read, daemon.Token, """{"ref":"op://v/i/f"}""")));
        await _backend.ArrivedAsync();
        daemon.Stop();
        while (File.Exists(daemon.Paths.SocketPath))
            await Task.Yield();
        _backend.Release();

        Assert.Equal("value of op://v/i/f", (await client.ReceiveAsync())["value"]);
        Assert.True(await client.ReceiveEndAsync());
        Assert.Equal(0, await daemon.Exit);
        await daemon.DisposeAsync();
    }
}
