using System.Net.Sockets;
using System.Text;
using Opx.Cli.Logins;
using Opx.Cli.Output;

namespace Opx.Cli.Tests.Logins;

/// <summary>What comes to the port that a browser is sent back to.</summary>
public sealed class CallbackTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CallbackListener _listener = new(0);

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Code_and_state_are_percent_decoded()
    {
        using var request = CallbackRequest.Parse("GET /oidc/callback?code=a%2Fb+c%&state=%C3%BC&code=second HTTP/1.1\r\n\r\n"u8)!;

        Assert.Equal(("a/b c%", "ü"), (Encoding.UTF8.GetString(request.Code!), Encoding.UTF8.GetString(request.State!)));
    }

    [Theory]
    [InlineData("GET /favicon.ico HTTP/1.1\r\n\r\n")]
    [InlineData("GET /oidc/callback HTTP/1.1\r\n\r\n")]
    [InlineData("POST /oidc/callback?code=a&state=b HTTP/1.1\r\n\r\n")]
    [InlineData("GET /oidc/callback?code=a&state=b")]
    [InlineData("nonsense\r\n\r\n")]
    public void Anything_else_is_no_callback(string head) => Assert.Null(CallbackRequest.Parse(Encoding.ASCII.GetBytes(head)));

    [Fact]
    public void Only_the_state_that_the_login_began_with_ends_the_wait()
    {
        using var silent = Connect();
        using var forged = Send("GET /oidc/callback?code=evil&state=other HTTP/1.1\r\n\r\n");
        using var icon = Send("GET /favicon.ico HTTP/1.1\r\n\r\n");
        using var real = Send("GET /oidc/callback?code=good&state=mine HTTP/1.1\r\nHost: localhost\r\n\r\n");

        var (request, browser) = _listener.Wait("mine", Patience, TimeProvider.System);
        CallbackListener.Say(browser, 200, "in & out");

        Assert.Equal("good", Encoding.UTF8.GetString(request.Code!));
        Assert.StartsWith("HTTP/1.1 404 ", Answer(forged));
        Assert.StartsWith("HTTP/1.1 404 ", Answer(icon));
        Assert.EndsWith("<p>in &amp; out</p>\n", Answer(real));
        request.Dispose();
        Assert.Equal(new byte[4], request.Code);
    }

    [Fact]
    public void A_head_may_come_in_pieces()
    {
        using var real = Send("GET /oidc/callback?code=good&st");
        real.Send("ate=mine HTTP/1.1\r\n\r\n"u8);

        Assert.Equal("good"u8.ToArray(), _listener.Wait("mine", Patience, TimeProvider.System).Request.Code);
    }

    [Fact]
    public void Nobody_comes_for_ever() =>
        Assert.Equal(ExitCode.Locked, Assert.Throws<FailureException>(() => _listener.Wait("mine", TimeSpan.FromMilliseconds(1), TimeProvider.System)).ExitCode);

    [Fact]
    public void A_port_that_is_taken_is_said()
    {
        var failure = Assert.Throws<FailureException>(() => new CallbackListener(_listener.Port));

        Assert.Contains("--listen-port", failure.Message);
    }

    [Theory]
    [InlineData("https://idp.example/authorize?state=x&client_id=1", true)]
    [InlineData("http://127.0.0.1:8200/x?state=1", true)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("--help", false)]
    [InlineData("https://idp.example/\u001b[2J", false)]
    [InlineData("https://idp.example/`x`", false)]
    [InlineData("javascript:alert(1)", false)]
    public void Only_a_web_address_is_opened(string address, bool isFine) => Assert.Equal(isFine, Browser.Fault(address) is null);

    [Theory]
    [InlineData("https://idp.example/authorize?client_id=1&state=a%2Fb&nonce=n", "a/b")]
    [InlineData("https://idp.example/authorize?state=", null)]
    [InlineData("https://idp.example/authorize", null)]
    public void The_state_is_taken_from_the_address(string address, string? state) => Assert.Equal(state, BrowserLogin.StateOf(address));

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect("127.0.0.1", _listener.Port);
        return socket;
    }

    private Socket Send(string text)
    {
        var socket = Connect();
        socket.Send(Encoding.ASCII.GetBytes(text));
        return socket;
    }

    private static string Answer(Socket socket)
    {
        var (answer, chunk) = (new StringBuilder(), new byte[1024]);
        while (socket.Receive(chunk) is > 0 and var count)
            answer.Append(Encoding.UTF8.GetString(chunk, 0, count));
        return answer.ToString();
    }
}
