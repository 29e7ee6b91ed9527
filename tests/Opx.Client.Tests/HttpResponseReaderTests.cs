using System.Text;

namespace Opx.Client.Tests;

public sealed class HttpResponseReaderTests
{
    private const string Plain = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"a\":\"b\"}\r\n";
    private const string Chunked =
        "HTTP/1.1 429 Too Many\r\ntransfer-encoding: Chunked\r\nRetry-After: 7\r\n\r\n5\r\n{\"a\":\r\n06;x=y\r\n\"b\"}\r\n\r\n0\r\nTrailer: x\r\n\r\n";

    [Theory]
    [InlineData(Plain, 200)]
    [InlineData(Chunked, 429)]
    public void An_answer_is_the_same_wherever_the_wire_splits_it(string answer, int status)
    {
        for (var split = 1; split <= answer.Length; split++)
        {
            using var response = Read(answer, split);
            Assert.Equal(status, response.Status);
            Assert.Equal("{\"a\":\"b\"}\r\n", Encoding.UTF8.GetString(response.Body.Span));
        }

        using var byteByByte = Read(answer, 0);
        Assert.Equal("{\"a\":\"b\"}\r\n", Encoding.UTF8.GetString(byteByByte.Body.Span));
    }

    [Fact]
    public void Retry_after_is_told()
    {
        using var response = Read(Chunked, 0);
        Assert.Equal(TimeSpan.FromSeconds(7), response.RetryAfter);
        Assert.True(response.KeepsConnection);
    }

    [Fact]
    public void Answers_follow_one_another_on_one_connection()
    {
        var reader = new HttpResponseReader(new PieceStream(Plain + Chunked + Plain, 3));
        foreach (var status in (int[])[200, 429, 200])
        {
            using var response = reader.Read();
            Assert.Equal(status, response.Status);
        }
    }

    [Fact]
    public void Interim_answers_are_passed_over()
    {
        using var response = Read("HTTP/1.1 100 Continue\r\n\r\n" + Plain, 0);
        Assert.Equal(200, response.Status);
    }

    [Fact]
    public void A_body_larger_than_every_buffer_arrives_whole()
    {
        var body = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:x8}"));
        var chunks = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var at = 0; at < body.Length; at += 4096)
        {
            var piece = body.Substring(at, Math.Min(4096, body.Length - at));
            chunks.Append(piece.Length.ToString("x")).Append("\r\n").Append(piece).Append("\r\n");
        }

        using var chunked = Read(chunks.Append("0\r\n\r\n").ToString(), 1000);
        using var plain = Read($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}", 1000);
        Assert.Equal(body, Encoding.UTF8.GetString(chunked.Body.Span));
        Assert.Equal(body, Encoding.UTF8.GetString(plain.Body.Span));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", true)]
    public void It_is_known_whether_the_connection_stays(string answer, bool keeps)
    {
        using var response = Read(answer, 0);
        Assert.Equal(keeps, response.KeepsConnection);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\nab")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nab")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching\r\n\r\n")]
    public void A_malformed_answer_is_refused(string answer) => Assert.Throws<InvalidDataException>(() => Read(answer, 0));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 268435457\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n")]
    public void An_answer_that_is_too_large_is_refused_before_it_is_read(string answer) =>
        Assert.Throws<InvalidDataException>(() => Read(answer, 0));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 268435456\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000\r\nx")]
    public void No_room_is_made_for_what_is_promised_and_does_not_come(string answer)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<EndOfStreamException>(() => Read(answer, 1000));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 * 1024 * 1024);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_answer_that_is_larger_than_a_value_comes_whole(bool chunked)
    {
        var body = string.Concat(Enumerable.Range(0, 5_000_000).Select(number => $"{number:x8}"));
        var head = chunked ? $"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n{body.Length:x}\r\n" : $"Content-Length: {body.Length}\r\n\r\n";

        using var response = Read($"HTTP/1.1 200 OK\r\n{head}{body}{(chunked ? "\r\n0\r\n\r\n" : "")}", 100);

        Assert.True(Encoding.ASCII.GetBytes((chunked ? "abcde" : "") + body).AsSpan().SequenceEqual(response.Body.Span));
    }

    [Fact]
    public void A_head_without_end_is_refused() =>
        Assert.Throws<InvalidDataException>(() => Read("HTTP/1.1 200 OK\r\nX: " + new string('x', 40_000), 1000));

    [Fact]
    public void Interim_answers_without_end_are_refused() =>
        Assert.Throws<InvalidDataException>(() => Read(string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 100)), 1000));

    [Theory]
    [InlineData(Plain)]
    [InlineData(Chunked)]
    public void A_connection_lost_at_any_byte_is_no_answer(string answer)
    {
        for (var length = 0; length < answer.Length; length++)
            Assert.Throws<EndOfStreamException>(() => Read(answer[..length], 1000));
    }

    [Fact]
    public void A_body_is_wiped_when_its_reader_is_done()
    {
        var response = Read(Plain, 1000);
        var body = response.Body;
        response.Dispose();
        Assert.True(body.Span.IndexOfAnyExcept((byte)0) < 0);
    }

    /// <param name="split">The length of the first read, and of every other; 0 for single bytes.</param>
    private static HttpResponse Read(string answer, int split) => new HttpResponseReader(new PieceStream(answer, split)).Read();

    private sealed class PieceStream(string text, int split) : Stream
    {
        private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(buffer.Length, split == 0 ? 1 : split), _bytes.Length - _at);
            _bytes.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
