using System.Net.Sockets;
using System.Text;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>Files, socket and token: made private, taken over when good, left alone when another's.</summary>
public sealed class ListeningTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Everything_the_daemon_makes_is_for_its_owner_alone()
    {
        await using var daemon = await StartAsync();

        foreach (var directory in (string[])[daemon.Paths.DataDirectory, daemon.Paths.RuntimeDirectory])
            Assert.Equal(0x1C0u, FileStatus.Of(directory)!.Value.Permissions);
        foreach (var file in (string[])[daemon.Paths.TokenFile, daemon.Paths.CertificateFile, daemon.Paths.KeyFile, daemon.Paths.SocketPath, daemon.Paths.InstanceLockFile])
            Assert.Equal((file, 0x180u), (file, FileStatus.Of(file)!.Value.Permissions));
        Assert.Matches("^[0-9a-f]{64}$", daemon.Token);
        Assert.Equal(64, new FileInfo(daemon.Paths.TokenFile).Length);
    }

    [Fact]
    public async Task A_stop_removes_the_socket_and_nothing_else_and_exits_with_0()
    {
        await using (var daemon = await StartAsync())
        {
            daemon.Stop();
            Assert.Equal(0, await daemon.Exit.WaitAsync(RawClient.Patience, TimeProvider.System));
        }

        Assert.Equal(["socket.sock.lock"], Directory.GetFiles(_home.Paths.RuntimeDirectory).Select(Path.GetFileName));
        Assert.Equal(["tls.crt", "tls.key", "token"], Directory.GetFiles(_home.Paths.DataDirectory).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_second_daemon_says_so_exits_with_0_and_touches_nothing()
    {
        await using var first = await StartAsync();
        var before = FileStatus.Of(first.Paths.SocketPath);

        await using var second = await StartAsync();

        Assert.Equal(0, await second.Exit);
        Assert.Equal("ready", second.ReadyLine);
        Assert.Contains("running already", second.Log);
        Assert.Equal(before, FileStatus.Of(first.Paths.SocketPath));
        Assert.Equal(200, (await first.StatusAsync()).Status);
    }

    [Fact]
    public async Task A_stopped_daemon_makes_room_for_the_next_which_keeps_token_and_certificate()
    {
        string token, certificate;
        await using (var first = await StartAsync())
            (token, certificate) = (first.Token, await File.ReadAllTextAsync(first.Paths.CertificateFile));

        await using var second = await StartAsync();

        Assert.Equal((token, certificate), (second.Token, await File.ReadAllTextAsync(second.Paths.CertificateFile)));
        Assert.Equal(200, (await second.StatusAsync()).Status);
    }

    [Fact]
    public async Task A_stale_socket_is_replaced()
    {
        // As a crash leaves it; .NET would remove the file with the socket, if it found it.
        using (Listen(_home.Paths.SocketPath))
            File.Move(_home.Paths.SocketPath, _home.Paths.SocketPath + ".left");
        File.Move(_home.Paths.SocketPath + ".left", _home.Paths.SocketPath);
        Assert.True(FileStatus.Of(_home.Paths.SocketPath)!.Value.IsSocket);

        await using var daemon = await StartAsync();

        Assert.Equal(200, (await daemon.StatusAsync()).Status);
    }

    [Fact]
    public async Task A_socket_on_which_somebody_else_listens_is_left_alone()
    {
        using var foreign = Listen(_home.Paths.SocketPath);
        foreign.Listen();

        var error = await Assert.ThrowsAsync<OpxPathException>(() => StartAsync());

        Assert.Contains("another program listens", error.Message);
        using var client = RawClient.ConnectSocket(_home.Paths.SocketPath);
        Assert.True(client.Connected);
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_left_alone()
    {
        Directory.CreateDirectory(_home.Paths.RuntimeDirectory, PrivateDirectory.Mode);
        await File.WriteAllTextAsync(_home.Paths.SocketPath, "precious");

        var error = await Assert.ThrowsAsync<OpxPathException>(() => StartAsync());

        Assert.Contains("is not a socket", error.Message);
        Assert.Equal("precious", await File.ReadAllTextAsync(_home.Paths.SocketPath));
    }

    [Fact]
    public async Task A_socket_that_took_our_place_is_not_removed_when_we_stop()
    {
        await using var daemon = await StartAsync();
        // Moved and not deleted, so that the file system does not give the newcomer the number of ours.
        File.Move(daemon.Paths.SocketPath, _home.In("ours"));
        using var foreign = Listen(daemon.Paths.SocketPath);
        var theirs = FileStatus.Of(daemon.Paths.SocketPath);
        daemon.Stop();
        await daemon.Exit.WaitAsync(RawClient.Patience, TimeProvider.System);

        Assert.Equal(theirs, FileStatus.Of(daemon.Paths.SocketPath));
    }

    [Fact]
    public async Task A_daemon_that_nobody_can_find_any_more_stops_by_itself()
    {
        await using var daemon = await StartAsync();
        Assert.Equal(200, (await daemon.StatusAsync()).Status);
        Directory.Move(_home.Paths.RuntimeDirectory, _home.In("gone"));
        await using var successor = await StartAsync();

        Assert.Equal(0, await daemon.Exit.WaitAsync(RawClient.Patience, TimeProvider.System));
        Assert.Contains("nobody finds this daemon", daemon.Log);
        Assert.Equal(200, (await successor.StatusAsync()).Status);
    }

    [Theory]
    [InlineData(0x1ED, "needs 0700")]
    [InlineData(0x1F8, "needs 0700")]
    public async Task A_directory_open_to_others_is_refused_with_its_path_and_the_mode_it_needs(int mode, string words)
    {
        var directory = Directory.CreateDirectory(_home.Paths.DataDirectory).FullName;
        File.SetUnixFileMode(directory, (UnixFileMode)mode);

        var error = await Assert.ThrowsAsync<OpxPathException>(() => StartAsync());

        Assert.Contains(directory, error.Message);
        Assert.Contains(words, error.Message);
        Assert.False(File.Exists(_home.Paths.TokenFile));
    }

    [Fact]
    public async Task A_socket_path_that_is_too_long_is_refused_with_what_to_do()
    {
        _home.Environment[EnvironmentNames.SocketPath] = _home.In(new string('s', 120));

        Assert.Contains(EnvironmentNames.SocketPath, (await Assert.ThrowsAsync<OpxPathException>(() => StartAsync())).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n")]
    public async Task A_token_file_that_no_client_could_send_is_replaced(string content)
    {
        Directory.CreateDirectory(_home.Paths.DataDirectory, PrivateDirectory.Mode);
        PrivateFile.Write(_home.Paths.TokenFile, Encoding.ASCII.GetBytes(content));

        await using var daemon = await StartAsync();

        Assert.Matches("^[0-9a-f]{64}$", daemon.Token);
        Assert.NotEqual(content.Trim(), daemon.Token);
    }

    [Fact]
    public async Task A_token_that_others_could_read_is_refused_and_not_used()
    {
        Directory.CreateDirectory(_home.Paths.DataDirectory, PrivateDirectory.Mode);
        await File.WriteAllTextAsync(_home.Paths.TokenFile, new string('a', 64));
        File.SetUnixFileMode(_home.Paths.TokenFile, (UnixFileMode)0x1A4);

        Assert.Contains("chmod 600", (await Assert.ThrowsAsync<OpxPathException>(() => StartAsync())).Message);
    }

    [Fact]
    public async Task Whoever_waits_at_the_pipe_is_told_ready_and_the_service_manager_as_well()
    {
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(_home.In("notify")));
        var daemon = await DaemonUnderTest.StartAsync(home: _home, notifySocket: _home.In("notify"));

        Assert.Equal("ready", daemon.ReadyLine);
        Assert.Equal("READY=1", await ReceiveAsync(manager));
        await daemon.DisposeAsync();
        Assert.Equal("STOPPING=1", await ReceiveAsync(manager));
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[64];
        var length = await socket.ReceiveAsync(buffer).WaitAsync(RawClient.Patience, TimeProvider.System);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static Socket Listen(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, PrivateDirectory.Mode);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private Task<DaemonUnderTest> StartAsync() => DaemonUnderTest.StartAsync(home: _home);
}
