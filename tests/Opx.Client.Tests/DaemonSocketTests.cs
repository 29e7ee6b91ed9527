using System.Net.Sockets;
using Opx.Protocol;

namespace Opx.Client.Tests;

public sealed class DaemonSocketTests : IDisposable
{
    private const UnixFileMode ReadableByOthers = TemporaryHome.Private | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_missing_socket_is_a_daemon_that_does_not_run()
    {
        var error = Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(_home.Options));
        Assert.True(error.NotRunning);
        Assert.Contains(_home.Paths.SocketPath, error.Message);
        Assert.False(Directory.Exists(_home.Paths.DataDirectory));
    }

    [Fact]
    public void A_stale_socket_is_a_daemon_that_does_not_run()
    {
        new DaemonDouble(_home).Dispose();
        using (var bound = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            File.Delete(_home.Paths.SocketPath);
            bound.Bind(new UnixDomainSocketEndPoint(_home.Paths.SocketPath));
            File.SetUnixFileMode(_home.Paths.SocketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Assert.True(Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(_home.Options)).NotRunning);
        }
    }

    [Fact]
    public void A_socket_that_others_may_use_is_refused()
    {
        using var daemon = new DaemonDouble(_home);
        File.SetUnixFileMode(_home.Paths.SocketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        Refused("has mode 0620 and needs 0600", daemon);
    }

    [Fact]
    public void A_stale_socket_that_others_may_use_is_a_daemon_that_does_not_run()
    {
        new DaemonDouble(_home).Dispose();
        File.Delete(_home.Paths.SocketPath);
        using var bound = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        bound.Bind(new UnixDomainSocketEndPoint(_home.Paths.SocketPath));
        File.SetUnixFileMode(_home.Paths.SocketPath, (UnixFileMode)0x1b6);
        Assert.True(Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(_home.Options)).NotRunning);
    }

    [Fact]
    public void A_data_directory_that_others_may_read_is_refused()
    {
        using var daemon = new DaemonDouble(_home);
        File.SetUnixFileMode(_home.Paths.DataDirectory, ReadableByOthers);
        Refused($"{_home.Paths.DataDirectory} has mode 0705 and needs 0700", daemon);
    }

    [Fact]
    public void A_socket_directory_that_others_may_read_is_refused()
    {
        using var daemon = new DaemonDouble(_home);
        File.SetUnixFileMode(_home.Paths.RuntimeDirectory, ReadableByOthers);
        Refused($"{_home.Paths.RuntimeDirectory} has mode 0705", daemon);
    }

    [Fact]
    public void A_socket_directory_that_is_a_link_is_refused()
    {
        using var daemon = new DaemonDouble(_home);
        Directory.Move(_home.Paths.RuntimeDirectory, _home.Root + "/elsewhere");
        Directory.CreateSymbolicLink(_home.Paths.RuntimeDirectory, _home.Root + "/elsewhere");
        Refused("symbolic link", daemon);
    }

    [Fact]
    public void A_token_that_others_may_read_is_refused()
    {
        using var daemon = new DaemonDouble(_home);
        File.SetUnixFileMode(_home.Paths.TokenFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Refused($"{_home.Paths.TokenFile} has mode 0404", daemon);
    }

    [Fact]
    public void A_file_in_the_socket_s_place_is_refused()
    {
        _home.WithDirectories();
        File.WriteAllText(_home.Paths.SocketPath, "");
        Refused("is not a socket", null);
    }

    [Fact]
    public void A_path_too_long_for_a_socket_is_an_error_that_says_so()
    {
        _home.WithSocketAt(_home.Root + "/" + new string('x', 100));
        Refused("set OPX_SOCKET_PATH to a shorter one", null);
    }

    [Fact]
    public void A_moved_socket_may_lie_in_a_shared_sticky_directory()
    {
        _home.WithSocketAt(_home.Root + "/shared/s");
        var shared = Directory.CreateDirectory(_home.Root + "/shared");
        File.SetUnixFileMode(shared.FullName, (UnixFileMode)0x3ff);
        using var daemon = new DaemonDouble(_home);
        using var client = DaemonClient.Connect(_home.Options);
        Assert.NotNull(client.Status().Value);
    }

    [Fact]
    public void A_moved_socket_in_a_directory_where_others_may_replace_it_is_refused()
    {
        _home.WithSocketAt(_home.Root + "/shared/s");
        var shared = Directory.CreateDirectory(_home.Root + "/shared");
        File.SetUnixFileMode(shared.FullName, (UnixFileMode)0x1ff);
        using var daemon = new DaemonDouble(_home);
        Refused("others may replace the socket", daemon);
    }

    [Fact]
    public void A_login_session_is_looked_into_before_a_second_daemon_is_started()
    {
        using var daemon = new DaemonDouble(_home);
        var elsewhere = _home.Paths with { SocketPath = _home.Root + "/none/s", RuntimeDirectory = _home.Root + "/none" };
        var options = _home.Options with { Paths = elsewhere, MayStart = true, DaemonPath = _home.Script("opx-authd", $"touch {_home.Root}/started") };
        using var client = DaemonClient.Connect(options, loginSession: _home.Paths);
        Assert.NotNull(client.Status().Value);
        Assert.False(File.Exists(_home.Root + "/started"));
    }

    [Fact]
    public void Who_waited_in_vain_for_its_own_place_finds_the_daemon_that_took_a_login_sessions()
    {
        using var daemon = new DaemonDouble(_home);
        var hidden = _home.Root + "/hidden";
        File.Move(_home.Paths.SocketPath, hidden);
        var elsewhere = _home.Paths with { SocketPath = _home.Root + "/none/s", RuntimeDirectory = _home.Root + "/none" };
        var program = _home.Script("opx-authd", $"mv {hidden} {_home.Paths.SocketPath}; printf 'ready\n' >&3");
        using var client = DaemonClient.Connect(_home.Options with { Paths = elsewhere, MayStart = true, DaemonPath = program }, loginSession: _home.Paths);
        Assert.NotNull(client.Status().Value);
    }

    private void Refused(string because, DaemonDouble? daemon)
    {
        var mayStart = _home.Options with { MayStart = true, DaemonPath = _home.Script("opx-authd", $"touch {_home.Root}/started") };
        Assert.Contains(because, Assert.Throws<OpxPathException>(() => DaemonClient.Connect(mayStart)).Message);
        Assert.False(File.Exists(_home.Root + "/started"));
        Assert.Empty(daemon?.Requests ?? []);
    }
}
