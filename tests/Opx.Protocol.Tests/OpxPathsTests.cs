using Opx.TestKit;

namespace Opx.Protocol.Tests;

public sealed class OpxPathsTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public OpxPathsTests() => _home.Environment.Remove(EnvironmentNames.XdgRuntimeDir);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Without_xdg_variables_everything_lies_below_home_and_the_socket_beside_the_token()
    {
        Assert.Equal(_home.In(".config/op-authd/config.json"), _home.Paths.ConfigFile);
        Assert.Equal(_home.In(".config/op-authd/policy.json"), _home.Paths.PolicyFile);
        Assert.Equal(_home.In(".local/share/op-authd/token"), _home.Paths.TokenFile);
        Assert.Equal(_home.In(".local/share/op-authd/tls.crt"), _home.Paths.CertificateFile);
        Assert.Equal(_home.In(".local/share/op-authd/tls.key"), _home.Paths.KeyFile);
        Assert.Equal(_home.In(".local/share/op-authd/socket.sock"), _home.Paths.SocketPath);
        Assert.False(_home.Paths.SocketIsMoved);
    }

    [Fact]
    public void Each_xdg_variable_moves_its_own_files()
    {
        _home.Environment[EnvironmentNames.XdgConfigHome] = "/c";
        _home.Environment[EnvironmentNames.XdgDataHome] = "/d";
        _home.Environment[EnvironmentNames.XdgRuntimeDir] = "/r";

        Assert.Equal(
            new OpxPaths("/c/op-authd", "/d/op-authd", "/r/op-authd", "/r/op-authd/socket.sock", SocketIsMoved: false), _home.Paths);
    }

    [Theory]
    [InlineData(EnvironmentNames.XdgConfigHome)]
    [InlineData(EnvironmentNames.XdgDataHome)]
    [InlineData(EnvironmentNames.XdgRuntimeDir)]
    [InlineData(EnvironmentNames.SocketPath)]
    public void An_empty_variable_counts_as_unset(string name)
    {
        var without = _home.Paths;
        _home.Environment[name] = "";

        Assert.Equal(without, _home.Paths);
    }

    [Theory]
    [InlineData(EnvironmentNames.Home, "relative")]
    [InlineData(EnvironmentNames.XdgConfigHome, "relative/path")]
    [InlineData(EnvironmentNames.XdgDataHome, ".")]
    [InlineData(EnvironmentNames.XdgDataHome, "~/data")]
    [InlineData(EnvironmentNames.XdgRuntimeDir, "/run/../tmp")]
    [InlineData(EnvironmentNames.XdgConfigHome, "/..")]
    public void A_variable_that_cannot_be_meant_is_an_error_that_names_it(string name, string value)
    {
        _home.Environment[name] = value;

        var error = Assert.Throws<OpxPathException>(() => _home.Paths);
        Assert.Contains(name, error.Message);
        Assert.Contains(value, error.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_home_there_is_an_error(string? home)
    {
        _home.Environment[EnvironmentNames.Home] = home;

        Assert.Contains("HOME", Assert.Throws<OpxPathException>(() => _home.Paths).Message);
    }

    [Fact]
    public void A_legacy_directory_holds_everything_where_it_exists()
    {
        _home.Environment[EnvironmentNames.XdgRuntimeDir] = "/r";
        var legacy = _home.MakeDirectory(".op-authd");

        Assert.Equal(new OpxPaths(legacy, legacy, legacy, legacy + "/socket.sock", SocketIsMoved: false), _home.Paths);
    }

    [Fact]
    public void A_moved_socket_moves_alone_and_the_option_wins()
    {
        _home.Environment[EnvironmentNames.SocketPath] = "/tmp/a.sock";

        Assert.Equal(("/tmp/a.sock", true, "/tmp/a.sock.lock"), (_home.Paths.SocketPath, _home.Paths.SocketIsMoved, _home.Paths.InstanceLockFile));
        Assert.Equal(_home.In(".local/share/op-authd"), _home.Paths.DataDirectory);
        Assert.Equal("/tmp/b.sock", OpxPaths.From(_home.Environment.GetValueOrDefault, "/tmp/b.sock").SocketPath);
        Assert.Throws<OpxPathException>(() => OpxPaths.From(_home.Environment.GetValueOrDefault, "b.sock"));
    }

    [Fact]
    public void A_login_session_keeps_the_socket_below_run_user() =>
        Assert.Equal("/run/user/1000/op-authd/socket.sock", _home.Paths.InLoginSession(1_000).SocketPath);

    [Fact]
    public void A_socket_path_is_as_long_as_the_system_binds_and_counts_bytes()
    {
        var most = OperatingSystem.IsMacOS() ? 103 : 107;

        Assert.Null(OpxPaths.SocketPathFault("/" + new string('s', most - 1)));
        Assert.Contains($"{most}", OpxPaths.SocketPathFault("/" + new string('s', most)));
        Assert.NotNull(OpxPaths.SocketPathFault("/" + new string('ü', most / 2 + 1)));
    }
}
