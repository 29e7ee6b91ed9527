using System.Text;
using Opx.Daemon.Options;
using Opx.Protocol;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Options;

public sealed class OptionsBuilderTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly uint _us = ProcessIdentity.EffectiveUserId();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Without_a_word_from_anybody_the_built_in_values_hold()
    {
        var options = Build(new());

        Assert.Equal((BackendKind.OpCli, TimeSpan.FromSeconds(120), TimeSpan.FromHours(8)), (options.Backend, options.TimeToLive, options.SessionIdleTimeout));
        Assert.Equal((true, true, false, null), (options.EnableSessionLock, options.LockOnAuthFailure, options.Verbose, options.OpPath));
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        Configure("""{"backend":"vault","session_timeout":"1h","ttl":"1m","enable_session_lock":false}""");
        Assert.Equal((BackendKind.Vault, 1.0, 60.0, false), Figures(Build(new())));

        _home.Environment[EnvironmentNames.Backend] = "bao";
        _home.Environment[EnvironmentNames.SessionTimeout] = "2";
        _home.Environment[EnvironmentNames.EnableSessionLock] = "1";
        Assert.Equal((BackendKind.Bao, 2.0, 60.0, true), Figures(Build(new())));

        Assert.Equal((BackendKind.Fake, 3.0, 5.0, false), Figures(Build(new() { Backend = "fake", SessionTimeout = "3h", Ttl = "5", EnableSessionLock = "false" })));
    }

    [Fact]
    public void What_keeps_values_longer_or_locks_more_often_is_off_until_somebody_wants_it()
    {
        Assert.Equal((false, false, TimeSpan.Zero), Wanted(Build(new())));
        Assert.Equal((true, true, TimeSpan.FromSeconds(30)), Wanted(Build(new() { LockWithDesktop = "true", DiskCache = "1", StaleWhileRevalidate = "30" })));

        static (bool, bool, TimeSpan) Wanted(DaemonOptions options) => (options.LockWithDesktop, options.DiskCache, options.StaleWhileRevalidate);
    }

    [Fact]
    public void A_socket_is_named_by_the_option_before_the_environment_before_the_file()
    {
        Configure("""{"sock":"/tmp/file.sock"}""");
        Assert.Equal(("/tmp/file.sock", true), (Build(new()).Paths.SocketPath, Build(new()).Paths.SocketIsMoved));
        _home.Environment[EnvironmentNames.SocketPath] = "/tmp/environment.sock";
        Assert.Equal("/tmp/environment.sock", Build(new()).Paths.SocketPath);
        Assert.Equal("/tmp/line.sock", Build(new() { Sock = "/tmp/line.sock" }).Paths.SocketPath);
    }

    [Theory]
    [InlineData("--ttl", "1x")]
    [InlineData("--ttl", "-1")]
    [InlineData("--ttl", "")]
    [InlineData("--ttl", "1e3")]
    [InlineData("--ttl", "NaN")]
    [InlineData("--ttl", "-Infinity")]
    [InlineData("--ttl", "99999999999")]
    [InlineData("--session-timeout", "8x")]
    [InlineData("--session-timeout", "99999999")]
    [InlineData("--backend", "Fake")]
    [InlineData("--enable-session-lock", "yes")]
    [InlineData("--lock-on-auth-failure", "")]
    [InlineData("--policy", "")]
    [InlineData("--config", "")]
    public void A_bad_word_on_the_command_line_names_its_option(string option, string value)
    {
        var line = option switch
        {
            "--ttl" => new CommandLineOptions { Ttl = value },
            "--session-timeout" => new CommandLineOptions { SessionTimeout = value },
            "--policy" => new CommandLineOptions { Policy = value },
            "--config" => new CommandLineOptions { Config = value },
            "--backend" => new CommandLineOptions { Backend = value },
            "--enable-session-lock" => new CommandLineOptions { EnableSessionLock = value },
            _ => new CommandLineOptions { LockOnAuthFailure = value },
        };

        Assert.StartsWith($"{option}: '{value}'", Assert.Throws<OptionsException>(() => Build(line)).Message);
    }

    [Theory]
    [InlineData(EnvironmentNames.Backend, "1password")]
    [InlineData(EnvironmentNames.SessionTimeout, "soon")]
    [InlineData(EnvironmentNames.EnableSessionLock, "maybe")]
    public void A_bad_word_in_the_environment_names_its_variable(string name, string value)
    {
        _home.Environment[name] = value;

        Assert.StartsWith($"{name}: '{value}'", Assert.Throws<OptionsException>(() => Build(new())).Message);
    }

    [Fact]
    public void An_empty_variable_says_nothing()
    {
        foreach (var name in (string[])[EnvironmentNames.Backend, EnvironmentNames.SessionTimeout, EnvironmentNames.EnableSessionLock, EnvironmentNames.OpPath])
            _home.Environment[name] = "";

        Assert.Equal(BackendKind.OpCli, Build(new()).Backend);
    }

    [Fact]
    public void A_file_that_the_command_line_names_takes_the_place_of_the_usual_one()
    {
        Configure("""{"backend":"vault"}""");
        var named = _home.Write("other.json", """{"ttl":5}"""u8);

        var options = Build(new() { Config = named });

        Assert.Equal((BackendKind.OpCli, 5.0), (options.Backend, options.TimeToLive.TotalSeconds));
        Assert.Contains("does not exist", Assert.Throws<OptionsException>(() => Build(new() { Config = _home.In("missing.json") })).Message);
    }

    [Fact]
    public void A_file_that_others_could_read_or_write_is_refused()
    {
        File.SetUnixFileMode(Configure("{}"), (UnixFileMode)0x1A4);

        Assert.Contains("chmod 600", Assert.Throws<OpxPathException>(() => Build(new())).Message);
    }

    [Fact]
    public void A_directory_that_others_could_write_into_is_refused()
    {
        File.SetUnixFileMode(Path.GetDirectoryName(Configure("{}"))!, (UnixFileMode)0x1FF);

        Assert.Contains("chmod 700", Assert.Throws<OpxPathException>(() => Build(new())).Message);
    }

    [Fact]
    public void A_value_is_kept_no_longer_than_the_session_may_be_idle()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), Build(new() { Ttl = "1h", SessionTimeout = "30s" }).EffectiveTimeToLive);
        Assert.Equal(TimeSpan.FromHours(1), Build(new() { Ttl = "1h", SessionTimeout = "30s", EnableSessionLock = "false" }).EffectiveTimeToLive);
        Assert.Equal(TimeSpan.FromHours(1), Build(new() { Ttl = "1h", SessionTimeout = "0" }).EffectiveTimeToLive);
    }

    private static (BackendKind, double Hours, double Seconds, bool) Figures(DaemonOptions options) =>
        (options.Backend, options.SessionIdleTimeout.TotalHours, options.TimeToLive.TotalSeconds, options.EnableSessionLock);

    private DaemonOptions Build(CommandLineOptions line) => OptionsBuilder.Build(line, _home.Environment.GetValueOrDefault, _us);

    private string Configure(string content) => _home.Write(".config/op-authd/config.json", Encoding.UTF8.GetBytes(content));
}
