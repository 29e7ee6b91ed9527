using System.Diagnostics;
using System.Net.Sockets;
using Opx.Protocol;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Integration.Tests;

/// <summary>Connections: many, silent, at the limit, and of somebody else.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task A_hundred_and_fifty_connections_that_say_nothing_cost_nobody_a_request()
    {
        await using var daemon = await DaemonUnderTest.StartAsync();
        var silent = Enumerable.Range(0, 150).Select(_ => RawClient.ConnectSocket(daemon.Paths.SocketPath)).ToArray();

        Assert.Equal(200, (await daemon.ReadAsync("op://v/i/f")).Status);

        Assert.All(silent, socket => Assert.False(socket.Poll(0, SelectMode.SelectRead)));
        foreach (var socket in silent)
            socket.Dispose();
    }

    [Fact]
    public async Task At_the_limit_the_connection_longest_without_a_request_makes_room()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(options: options => options with { Limits = options.Limits with { Connections = 3 } });
        await using var busy = await daemon.ConnectAsync();
        daemon.Clock.Advance(TimeSpan.FromSeconds(1));
        await using var silent = await daemon.ConnectAsync();
        await using var talking = await daemon.ConnectAsync();
        daemon.Clock.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(daemon, busy);
        await AskAsync(daemon, talking);

        await using var newcomer = await daemon.ConnectAsync();

        Assert.True(await silent.ReceiveEndAsync());
        foreach (var client in (RawClient[])[busy, talking, newcomer])
            await AskAsync(daemon, client);
    }

    [Fact]
    public async Task A_connection_whose_request_is_being_answered_is_not_idle()
    {
        var backend = new StubBackend();
        await using var daemon = await DaemonUnderTest.StartAsync(backend, options => options with { Limits = options.Limits with { Connections = 2 } });
        await using var waiting = await daemon.ConnectAsync();
        backend.Hold();
        await waiting.SendAsync(RawClient.Request("POST", Routes.Read, daemon.Token, """{"ref":"op://v/i/f"}"""));
        await backend.ArrivedAsync();
        daemon.Clock.Advance(TimeSpan.FromMinutes(5));
        await using var younger = await daemon.ConnectAsync();

        await using var newcomer = await daemon.ConnectAsync();

        Assert.True(await younger.ReceiveEndAsync());
        backend.Release();
        Assert.Equal("value of op://v/i/f", (await waiting.ReceiveAsync())["value"]);
    }

    [Fact]
    public async Task Half_a_request_does_not_keep_a_place()
    {
        await using var daemon = await DaemonUnderTest.StartAsync(options: options => options with { Limits = options.Limits with { Connections = 2 } });
        await using var half = await daemon.ConnectAsync();
        await using var whole = await daemon.ConnectAsync();
        daemon.Clock.Advance(TimeSpan.FromSeconds(1));
        await half.SendAsync($"POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: {daemon.Token}\r\nContent-Length: 500\r\n\r\n");
        await AskAsync(daemon, whole);

        await using var newcomer = await daemon.ConnectAsync();

        Assert.True(await half.ReceiveEndAsync());
        await AskAsync(daemon, whole);
    }

    [Fact]
    public async Task Another_user_is_closed_before_the_first_byte_of_tls_and_takes_nobodys_place()
    {
        Assert.SkipUnless(ProcessIdentity.EffectiveUserId() == 0, "only root can become another user");
        using var home = new TemporaryHome();
        const UnixFileMode everybody = (UnixFileMode)0x1FF;
        File.SetUnixFileMode(home.Path, (UnixFileMode)0x1ED);
        home.Environment[EnvironmentNames.SocketPath] = Path.Combine(home.MakeDirectory("shared", (UnixFileMode)0x1ED), "s");
        await using var daemon = await DaemonUnderTest.StartAsync(
            home: home, options: options => options with { Limits = options.Limits with { Connections = 1 } });
        File.SetUnixFileMode(daemon.Paths.SocketPath, everybody);
        await using var ours = await daemon.ConnectAsync();
        await AskAsync(daemon, ours);

        var foreign = await RunAsync("setpriv", "--reuid=61003", "--regid=61003", "--clear-groups", "openssl", "s_client", "-unix", daemon.Paths.SocketPath);

        Assert.Contains("read 0 bytes", foreign);
        await AskAsync(daemon, ours);
        Assert.DoesNotContain("read 0 bytes", await RunAsync("openssl", "s_client", "-unix", daemon.Paths.SocketPath));
    }

    private static async Task AskAsync(DaemonUnderTest daemon, RawClient client)
    {
        await client.SendAsync(RawClient.Request("GET", Routes.Status, daemon.Token, null));
        Assert.Equal(200, (await client.ReceiveAsync()).Status);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        process.StandardInput.Close();
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync())
            .WaitAsync(RawClient.Patience, TimeProvider.System);
        await process.WaitForExitAsync();
        return string.Concat(output);
    }
}
