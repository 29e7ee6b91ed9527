using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Interop;
using Opx.Protocol;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>What is taken of a server: so much, and not a byte more, in this process and through a worker.</summary>
[Collection(RealProcesses.Name)]
public sealed class ExchangeLimitTests
{
    private const string Chunked = "HTTP/1.1 200 OK\nContent-Type: application/json\nTransfer-Encoding: chunked\nConnection: close";
    private const string UntilTheEnd = "HTTP/1.1 200 OK\nContent-Type: application/json\nConnection: close";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 0, true)]
    [InlineData(true, 0, true)]
    [InlineData(false, 1, false)]
    [InlineData(true, 1, false)]
    public async Task An_answer_of_sixteen_mebibytes_comes_whole_and_a_byte_more_is_too_large(bool worker, int more, bool fits)
    {
        var body = new string('x', Limits.ValueBytes + more);
        foreach (var answer in (byte[][])
            [RawServer.Ok(body), RawServer.Answer(UntilTheEnd, body), RawServer.Answer(Chunked, $"{body.Length:x}\r\n{body}\r\n0\r\n\r\n")])
        {
            var (fault, length) = await AskAsync(worker, answer);

            Assert.Equal(fits ? (ExchangeFault.None, body.Length) : (ExchangeFault.TooLarge, 0), (fault, length));
        }
    }

    [Theory]
    [InlineData(false, 60, true)]
    [InlineData(true, 60, true)]
    [InlineData(false, 65, false)]
    [InlineData(true, 65, false)]
    public async Task Headers_have_a_limit_in_one_line_or_in_many(bool worker, int kibibytes, bool fits)
    {
        var one = $"X-Long: {new string('x', kibibytes * 1024)}";
        var many = string.Join('\n', Enumerable.Range(0, kibibytes).Select(number => $"X-Long-{number}: {new string('x', 1024 - 20)}"));
        foreach (var headers in (string[])[one, fits ? many : string.Join('\n', many, many)])
        {
            var (fault, _) = await AskAsync(worker, RawServer.Answer($"HTTP/1.1 200 OK\n{headers}\nContent-Length: 2", "{}"));

            Assert.Equal(fits ? ExchangeFault.None : ExchangeFault.TooLarge, fault);
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_frame_may_hold_an_answer_and_its_headers_and_one_that_says_it_is_longer_is_not_waited_for(int more, bool isWaitedFor)
    {
        var (ours, theirs) = SocketPair.TryOpen()!.Value;
        using var other = new System.Net.Sockets.Socket(theirs);
        using var socket = new FrameSocket(ours);
        var header = new byte[Frame.HeaderBytes];
        BitConverter.TryWriteBytes(header, Limits.ValueBytes + (256 * 1024) + Frame.HeaderBytes - sizeof(int) + more);
        other.Send(header);

        var received = Task.Run(socket.Receive, Cancellation);
        if (isWaitedFor)
        {
            var rest = new byte[Limits.ValueBytes + (256 * 1024)];
            for (var sent = 0; sent < rest.Length;)
                sent += await other.SendAsync(rest.AsMemory(sent), Cancellation);
        }

        var frame = await received;
        Assert.Equal(isWaitedFor ? Limits.ValueBytes + (256 * 1024) : null, frame?.Fields.Length);
        frame?.Fields.Dispose();
    }

    private static async Task<(ExchangeFault Fault, int Length)> AskAsync(bool worker, byte[] said)
    {
        using var server = new RawServer(_ => said);
        using var exchange = ExchangeTests.Exchange(worker);
        using var answer = await exchange.SendAsync(new VaultRequest("GET", server.Url), Cancellation);
        return (answer.Fault, answer.Body.Length);
    }
}
