using System.Text;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Secrets;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>What daemon and worker say to each other.</summary>
public sealed class FrameTests
{
    [Fact]
    public void A_request_comes_out_as_it_went_in()
    {
        using var token = SecretValue.CopyOf("t\0\xff"u8);
        using var tail = Buffer("/a%20b");
        using var body = Buffer("{}");
        using var frame = new SecretBuffer();
        Frame.Request(frame, 7, new VaultRequest("POST", "https://ü/") { Token = token, UrlTail = tail, Body = body, Namespace = "n" });

        var reader = new FrameReader(frame.Bytes[Frame.HeaderBytes..]);
        var read = Frame.Request(ref reader);

        Assert.Equal(("POST", "https://ü/", "n"), (read.Method, read.Url, read.Namespace));
        Assert.Equal(token.Bytes.ToArray(), read.Token!.Bytes.ToArray());
        Assert.Equal(("/a%20b", "{}"), (Text(read.UrlTail!), Text(read.Body!)));
        Assert.Equal((frame.Length - 4, 7, (byte)FrameKind.Request), (BitConverter.ToInt32(frame.Bytes), BitConverter.ToInt32(frame.Bytes[4..]), frame.Bytes[8]));
        read.Token.Dispose();
        read.UrlTail!.Dispose();
        read.Body!.Dispose();
    }

    [Fact]
    public void What_is_not_there_is_not_empty()
    {
        using var frame = new SecretBuffer();
        Frame.Request(frame, 1, new VaultRequest("GET", "https://v/"));

        var reader = new FrameReader(frame.Bytes[Frame.HeaderBytes..]);
        var read = Frame.Request(ref reader);

        Assert.Equal((null, null, null, null), (read.Token, read.UrlTail, read.Body, read.Namespace));
    }

    [Fact]
    public void An_answer_and_whom_to_trust_come_out_as_they_went_in()
    {
        using var answer = ScriptedVault.Answer(200, [0, 1, 255], "text/plain", "17", "/x");
        using var frame = new SecretBuffer();
        Frame.Answer(frame, 3, answer);
        var reader = new FrameReader(frame.Bytes[Frame.HeaderBytes..]);
        using var read = Frame.Answer(ref reader);
        Assert.Equal((ExchangeFault.None, 200, "text/plain", "17", "/x"), (read.Fault, read.Status, read.ContentType, read.RetryAfter, read.Location));
        Assert.Equal([0, 1, 255], read.Body.Bytes.ToArray());

        var trust = new ServerTrust("/ca", null, "/key", UsesProxy: true);
        using var other = new SecretBuffer();
        Frame.Trust(other, trust);
        reader = new FrameReader(other.Bytes[Frame.HeaderBytes..]);
        Assert.Equal(trust, Frame.Trust(ref reader));
    }

    [Fact]
    public async Task A_frame_that_is_cut_off_or_too_long_ends_the_conversation()
    {
        foreach (var bytes in (byte[][])[[1, 2, 3], [255, 255, 255, 127, 0, 0, 0, 0, 4], [0, 0, 0, 0, 0, 0, 0, 0, 4], [20, 0, 0, 0, 0, 0, 0, 0, 4, 1]])
        {
            var (ours, theirs) = Opx.Daemon.Interop.SocketPair.TryOpen()!.Value;
            using var other = new System.Net.Sockets.Socket(theirs);
            using var socket = new FrameSocket(ours);
            other.Send(bytes);
            other.Close();

            Assert.Null(await Task.Run(socket.Receive, TestContext.Current.CancellationToken));
        }
    }

    private static SecretBuffer Buffer(string text)
    {
        var buffer = new SecretBuffer();
        buffer.Append(Encoding.UTF8.GetBytes(text));
        return buffer;
    }

    private static string Text(SecretBuffer buffer) => Encoding.UTF8.GetString(buffer.Bytes);
}
