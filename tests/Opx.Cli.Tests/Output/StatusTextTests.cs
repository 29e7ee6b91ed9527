using System.Text.Json;
using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Tests.Output;

public sealed class StatusTextTests
{
    [Fact]
    public void The_whole_status_is_shown()
    {
        var status = new StatusResponse(
            "multi", "0.1.0", 3725, 1, 2, 1, 3, 4, 5, 120, "/run/s.sock", "/c/policy.json", false, 0, null, new SessionStatus("authenticated", 28800, 28000, true),
            [new BackendStatus("op", "unavailable", "not signed in", 7, 6, 7, 9)]);
        var text = Text(ProtocolJson.Bytes(status.Write));

        Assert.Equal(
            """
            opx-authd 0.1.0 is running, for 1h 2m
              backend   multi
              cache     1 value, kept for 2m 0s; 2 hits, 1 miss, 3 coalesced, 5 in flight
              session   authenticated, locks in 7h 46m without a read
              policy    none
              socket    /run/s.sock
              op        unavailable (not signed in); 7 calls, 6 in the last hour, 7 in the last day for 9 references

            """,
            text);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"session":{},"backends":[{}],"version":7,"uptime_seconds":"x","ttl_seconds":1.5}""")]
    public void Another_daemons_status_is_shown_as_far_as_it_goes(string json) =>
        Assert.StartsWith("opx-authd ? is running", Text(System.Text.Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(60, "1m 0s")]
    [InlineData(3600, "1h 0m")]
    [InlineData(90061, "1d 1h")]
    public void Durations_have_two_units(long seconds, string text) => Assert.Equal(text, StatusText.Duration(seconds));

    private static string Text(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return StatusText.Of(document.RootElement);
    }
}
