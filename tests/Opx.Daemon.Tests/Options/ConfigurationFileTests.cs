using System.Text;
using Opx.Daemon.Options;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Options;

public sealed class ConfigurationFileTests
{
    [Theory]
    [InlineData("""{"ttl":"90s"}""", 90)]
    [InlineData("""{"ttl":"1h30m"}""", 5_400)]
    [InlineData("""{"ttl":90}""", 90)]
    [InlineData("""{"ttl":0}""", 0)]
    [InlineData("""{"ttl":120000000000}""", 120)]
    [InlineData("""{"ttl":1000000}""", 0.001)]
    public void A_time_to_live_is_a_text_a_number_of_seconds_or_nanoseconds(string content, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Apply(content).TimeToLive);

    [Theory]
    [InlineData("""{"session_timeout":"8h"}""", 8)]
    [InlineData("""{"session_idle_timeout":4}""", 4)]
    [InlineData("""{"session_timeout":28800000000000}""", 8)]
    public void An_idle_time_counts_in_hours(string content, double hours) => Assert.Equal(TimeSpan.FromHours(hours), Apply(content).SessionIdleTimeout);

    [Fact]
    public void Every_member_reaches_its_option()
    {
        var options = Apply("""
            {
              "backend": "multi", "ttl": "5m", "session_timeout": "1h", "enable_session_lock": false, "lock_on_auth_failure": false, "verbose": true,
              "lock_with_desktop": true, "disk_cache": true, "stale_while_revalidate": "30s",
              "sock": "/tmp/x.sock", "executable_paths": { "op": "/opt/op", "vault": "/opt/vault" }, "check_interval": "1m",
              "limits": { "connections": 100, "headers_timeout": 5, "idle_timeout": "10s", "cache_bytes": 1000, "backend_reads_burst": 7, "backend_reads_per_second": 3 }
            }
            """);

        Assert.Equal(
            (BackendKind.Multi, TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), false, false, true, "/tmp/x.sock", true, "/opt/op"),
            (options.Backend, options.TimeToLive, options.SessionIdleTimeout, options.EnableSessionLock, options.LockOnAuthFailure, options.Verbose,
                options.Paths.SocketPath, options.Paths.SocketIsMoved, options.OpPath));
        Assert.Equal((true, true, TimeSpan.FromSeconds(30)), (options.LockWithDesktop, options.DiskCache, options.StaleWhileRevalidate));
        Assert.Equal(
            new OpxLimits
            {
                Connections = 100,
                HeadersTimeout = TimeSpan.FromSeconds(5),
                IdleTimeout = TimeSpan.FromSeconds(10),
                CacheBytes = 1_000,
                BackendReadsBurst = 7,
                BackendReadsPerSecond = 3,
            },
            options.Limits);
    }

    [Fact]
    public void An_empty_object_changes_nothing() => Assert.Equal(Start, Apply(" {\n} \n"));

    [Theory]
    [InlineData("{\n\"ttl\":1,\n\"tll\":2}", "line 3: 'tll' is not known")]
    [InlineData("{\"TTL\":1}", "line 1: 'TTL' is not known")]
    [InlineData("{\"ttl\":1,\n\n\"ttl\":2}", "line 3: 'ttl' appears twice")]
    [InlineData("{\"ttl\":1,\"tt\\u006c\":2}", "line 1: 'ttl' appears twice")]
    [InlineData("{\"ttl\":true}", "'ttl' must be a duration")]
    [InlineData("{\"ttl\":-1}", "'ttl' must be a duration")]
    [InlineData("{\"ttl\":1.5}", "'ttl' must be a duration")]
    [InlineData("{\"ttl\":\"90\"}", "'ttl' must be a duration")]
    [InlineData("{\"ttl\":null}", "'ttl' must be a duration")]
    [InlineData("{\"ttl\":[1]}", "'ttl' must be a duration")]
    [InlineData("{\"ttl\":\"100000w\"}", "'ttl' is too long")]
    [InlineData("{\"ttl\":9000000000000000000}", "'ttl' is too long")]
    [InlineData("{\"session_timeout\":900000}", "'session_timeout' is too long")]
    [InlineData("{\"backend\":\"fakee\"}", "'backend': 'fakee' is no backend")]
    [InlineData("{\"backend\":1}", "'backend' must be a string")]
    [InlineData("{\"sock\":\"/a\\u0000b\"}", "'sock' must be an absolute path")]
    [InlineData("{\"trusted_clients\":[\"/a\\u0000b\"]}", "'trusted_clients' must be a list of absolute paths")]
    [InlineData("{\"verbose\":\"true\"}", "'verbose' must be true or false")]
    [InlineData("{\"enable_session_lock\":0}", "'enable_session_lock' must be true or false")]
    [InlineData("{\"sock\":\"x.sock\"}", "'sock' must be an absolute path")]
    [InlineData("{\"executable_paths\":\"/op\"}", "'executable_paths' must be an object")]
    [InlineData("{\"executable_paths\":{\n\"oop\":\"/op\"}}", "line 2: 'executable_paths.oop' is not known")]
    [InlineData("{\"executable_paths\":{\"op\":\"op\"}}", "'executable_paths.op' must be an absolute path")]
    [InlineData("{\"limits\":{\"connections\":5}}", "'limits.connections' must be a whole number from 16 to 65536")]
    [InlineData("{\"limits\":{\"connections\":1e3}}", "'limits.connections' must be a whole number")]
    [InlineData("{\"limits\":{\"idle_timeout\":1,\"idle_timeout\":1}}", "'limits.idle_timeout' appears twice")]
    [InlineData("{\"limits\":{},\"limits\":{}}", "'limits' appears twice")]
    [InlineData("{\"limits\":{\"connections\":20},\n\"x\":1}", "line 2: 'x' is not known")]
    [InlineData("{\"a\\u001b[2J\":1}", "'a\\u{1b}[2J' is not known")]
    public void What_is_not_understood_is_named_with_file_line_and_member(string content, string words)
    {
        var error = Assert.Throws<OptionsException>(() => Apply(content));

        Assert.StartsWith("/c/config.json, line ", error.Message);
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("{")]
    [InlineData("{\"ttl\":1,}")]
    [InlineData("{\"ttl\":1} x")]
    [InlineData("{\"ttl\":1}{}")]
    [InlineData("{//no comments\n}")]
    [InlineData("\ufeff{}")]
    [InlineData("{\"ttl\":\"\\ud800\"}")]
    [InlineData("{\"limits\":{\"x\":[[[[[[[[[[1]]]]]]]]]]}}")]
    public void What_is_no_json_is_said_to_be_none(string content)
    {
        var error = Assert.Throws<OptionsException>(() => Apply(content));

        Assert.StartsWith("/c/config.json", error.Message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public void What_is_no_object_is_refused(string content) => Assert.Contains("must be an object", Assert.Throws<OptionsException>(() => Apply(content)).Message);

    [Fact]
    public void Text_that_is_not_utf_8_is_refused()
    {
        Assert.Throws<OptionsException>(() => ConfigurationFile.Apply([.. "{\"backend\":\""u8, 0xff, .. "\"}"u8], "/c/config.json", Start));
        Assert.Throws<OptionsException>(() => ConfigurationFile.Apply([.. "{\""u8, 0xc0, 0xaf, .. "\":1}"u8], "/c/config.json", Start));
    }

    private static DaemonOptions Start { get; } = Given();

    private static DaemonOptions Given()
    {
        using var home = new TemporaryHome();
        return new DaemonOptions { Paths = home.Paths };
    }

    private static DaemonOptions Apply(string content) => ConfigurationFile.Apply(Encoding.UTF8.GetBytes(content), "/c/config.json", Start);
}
