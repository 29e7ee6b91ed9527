using System.Text;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Client.Tests;

public sealed class DaemonClientTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly DaemonDouble _daemon;

    public DaemonClientTests() => _daemon = new DaemonDouble(_home);

    public void Dispose()
    {
        _daemon.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void Every_request_of_one_command_uses_one_connection()
    {
        _daemon.Respond = request => request.Contains("/v1/session", StringComparison.Ordinal)
            ? DaemonDouble.Json("""{"success":true,"state":"locked"}""")
            : DaemonDouble.Json("""{"removed":3}""");
        using var client = DaemonClient.Connect(_home.Options);
        Assert.Equal(3, client.Invalidate(new InvalidateRequest([], All: true)).Value?.Removed);
        Assert.Equal("locked", client.Lock().Value?.State);
        Assert.True(client.Unlock().Value?.Success);
        Assert.Equal(3, _daemon.Requests.Count);
        Assert.Single(_daemon.Handshakes);
    }

    [Fact]
    public void A_daemon_that_says_goodbye_instead_of_an_answer_is_asked_again()
    {
        _daemon.Respond = _ => _daemon.Requests.Count < 2 ? DaemonDouble.Farewell : DaemonDouble.Json("""{"removed":3}""");
        using var client = DaemonClient.Connect(_home.Options);
        Assert.Equal(3, client.Invalidate(new InvalidateRequest([], All: true)).Value?.Removed);
        Assert.Equal(2, _daemon.Requests.Count);
    }

    [Fact]
    public void A_daemon_that_only_ever_says_goodbye_is_not_asked_for_ever()
    {
        _daemon.Respond = _ => DaemonDouble.Farewell;
        using var client = DaemonClient.Connect(_home.Options);
        var error = Assert.Throws<DaemonUnreachableException>(() => client.Lock());
        Assert.Contains("has stopped", error.Message);
        Assert.Equal(3, _daemon.Requests.Count);
    }

    [Fact]
    public void A_connection_that_breaks_off_is_not_asked_again_because_somebody_may_have_been()
    {
        _daemon.Respond = _ => "";
        using var client = DaemonClient.Connect(_home.Options);
        var error = Assert.Throws<DaemonUnreachableException>(() => client.Lock());
        Assert.Contains("before it had answered", error.Message);
        Assert.Single(_daemon.Requests);
    }

    [Fact]
    public void A_certificate_that_is_made_after_we_have_connected_is_the_pinned_one()
    {
        File.Delete(_home.Paths.CertificateFile);
        _daemon.BeforeHandshake = _daemon.WriteCertificate;
        _daemon.Respond = _ => DaemonDouble.Json("""{"removed":3}""");
        using var client = DaemonClient.Connect(_home.Options);
        Assert.Equal(3, client.Invalidate(new InvalidateRequest([], All: true)).Value?.Removed);
    }

    [Fact]
    public void Without_a_certificate_to_know_it_by_nobody_gets_the_token()
    {
        File.Delete(_home.Paths.CertificateFile);
        var error = Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(_home.Options));
        Assert.Contains("there is no", error.Message);
        Assert.Empty(_daemon.Requests);
    }

    [Fact]
    public void A_batch_keeps_each_outcome()
    {
        _daemon.Respond = _ => DaemonDouble.Json(
            """{"results":{"a":{"ref":"a","value":"1\n","from_cache":true},"b":{"ref":"b","value":"","error":{"code":"not_found","message":"no b"}}}}""");
        using var client = DaemonClient.Connect(_home.Options);
        var results = client.Reads(new ReadsRequest(["a", "b"])).Value!.Results;
        Assert.Equal("1\n"u8.ToArray(), results["a"].Response?.Value);
        Assert.Equal(ErrorCode.NotFound, results["b"].Problem?.Code);
    }

    [Fact]
    public void The_status_is_handed_on_as_it_came()
    {
        _daemon.Respond = _ => DaemonDouble.Json("""{"backend":"fake","new_in_2040":[1]}""");
        using var client = DaemonClient.Connect(_home.Options);
        Assert.Equal("""{"backend":"fake","new_in_2040":[1]}""", Encoding.UTF8.GetString(client.Status().Value!.Json));
        Assert.StartsWith("GET /v1/status HTTP/1.1\r\n", Assert.Single(_daemon.Requests));
    }

    [Fact]
    public void A_token_that_changed_since_it_was_read_is_read_once_more()
    {
        _daemon.Respond = request => request.Contains(new string('b', 64), StringComparison.Ordinal)
            ? DaemonDouble.Value("fake://a", "v")
            : DaemonDouble.Json("""{"code":"unauthorized","detail":"wrong token"}""", 401, "Connection: close\r\n");
        using var client = DaemonClient.Connect(_home.Options);
        _home.WriteToken('b');
        Assert.Equal("v"u8.ToArray(), client.Read(new ReadRequest("fake://a")).Value?.Value);
        Assert.Equal(2, _daemon.Requests.Count);
    }

    [Fact]
    public void A_token_that_is_refused_is_not_tried_for_ever()
    {
        _daemon.Respond = _ => DaemonDouble.Json("""{"code":"unauthorized","detail":"wrong token"}""", 401);
        using var client = DaemonClient.Connect(_home.Options);
        _home.WriteToken('b');
        Assert.Equal(ErrorCode.Unauthorized, client.Read(new ReadRequest("fake://a")).Problem?.Code);
        Assert.Equal(2, _daemon.Requests.Count);
        Assert.Equal(ErrorCode.Unauthorized, client.Read(new ReadRequest("fake://a")).Problem?.Code);
        Assert.Equal(3, _daemon.Requests.Count);
    }

    [Theory]
    [InlineData(401, ErrorCode.Unauthorized)]
    [InlineData(429, ErrorCode.RateLimited)]
    [InlineData(500, ErrorCode.Internal)]
    [InlineData(503, ErrorCode.BackendUnavailable)]
    public void An_answer_of_any_kind_is_never_a_daemon_that_does_not_run(int status, ErrorCode code)
    {
        _daemon.Respond = _ => DaemonDouble.Json("plain text of another daemon", status, "Retry-After: 3\r\n");
        var options = _home.Options with { MayStart = true, DaemonPath = _home.Script("opx-authd", $"touch {_home.Root}/started") };
        using var client = DaemonClient.Connect(options);
        var problem = client.Read(new ReadRequest("fake://a")).Problem;
        Assert.Equal(code, problem?.Code);
        Assert.Equal(TimeSpan.FromSeconds(3), problem?.RetryAfter);
        Assert.DoesNotContain("plain text", problem?.Detail);
        Assert.False(File.Exists(_home.Root + "/started"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"ref":"a","value":"\ud800"}""")]
    [InlineData("""{"ref":"a","value":7}""")]
    [InlineData("""{"ref":"a","value":"","value_base64":"?"}""")]
    public void A_body_that_makes_no_sense_is_a_problem_and_no_trace(string body)
    {
        _daemon.Respond = _ => DaemonDouble.Json(body);
        using var client = DaemonClient.Connect(_home.Options);
        Assert.Equal(ErrorCode.Internal, client.Read(new ReadRequest("a")).Problem?.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{")]
    [InlineData("no HTTP at all\r\n\r\nConnection: close")]
    public void A_connection_lost_before_the_answer_is_an_error_of_one_line(string answer)
    {
        _daemon.Respond = _ => answer;
        using var client = DaemonClient.Connect(_home.Options);
        var error = Assert.Throws<DaemonUnreachableException>(() => client.Read(new ReadRequest("a")));
        Assert.False(error.NotRunning);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_token_that_could_break_a_header_is_refused()
    {
        PrivateFile.Write(_home.Paths.TokenFile, "abc\r\nX: y"u8);
        Assert.Contains("holds no token", Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(_home.Options)).Message);
        File.Delete(_home.Paths.TokenFile);
        Assert.Contains(_home.Paths.TokenFile, Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(_home.Options)).Message);
        Assert.Empty(_daemon.Requests);
    }
}
