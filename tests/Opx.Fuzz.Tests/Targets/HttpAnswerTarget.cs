using System.Text;
using Opx.Client;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>An answer's head and body as <c>opx</c> reads them: the same wherever the wire splits it, and just what its length or its chunks say.</summary>
internal sealed class HttpAnswerTarget() : Target("http-answer", 5)
{
    public override byte[] Generate(Choices choices)
    {
        var body = Words.Text(choices);
        var bytes = Encoding.UTF8.GetByteCount(body);
        var text = choices.Of("", "", "HTTP/1.1 100 Continue\r\n\r\n") + $"HTTP/1.{choices.Of("1", "1", "0", "2")} {choices.Of("200", "404", "429", "+20", "-20", "2x0")} OK\r\n";
        text += choices.Of("Retry-After: 7\r\n", "Connection: close\r\n", "Server: opx-authd/0.1.0\r\n", "X: \r\n", ": x\r\n", "");
        text += choices.Chance(60)
            ? $"Content-Length: {choices.Of(bytes.ToString(), bytes.ToString(), $" {bytes} ", "+1", "-1", "0x1", "99999999999", "")}\r\n\r\n{body}"
            : $"Transfer-Encoding: {choices.Of("chunked", "Chunked", "gzip")}\r\n\r\n{bytes:x}{choices.Of("", ";a=b", " ", "g")}\r\n{body}\r\n{choices.Of("0", "00", "-1", "")}\r\n\r\n";
        return Mutation.Some(Encoding.UTF8.GetBytes(text), choices);
    }

    // It is read three times, and room is made for a value of the largest size where one is promised.
    public override long MostAllocated(int inputBytes) => base.MostAllocated(inputBytes) + (3L * Limits.ValueBytes);

    public override void Check(byte[] input)
    {
        var whole = Read(input, input.Length);
        Oracle.Same(whole, Read(input, 1), "read byte by byte");
        Oracle.Same(whole, Read(input, 7), "read in pieces");
        if (whole is not { } answer)
            return;
        var end = Encoding.Latin1.GetString(input).LastIndexOf("\r\n\r\n", StringComparison.Ordinal);
        Oracle.Holds(end > 0 && answer.Status >= 200, "an answer without a head");
        Oracle.Holds(Encoding.Latin1.GetString(input).Contains("HTTP/1.", StringComparison.Ordinal), "an answer that is not HTTP");
    }

    private static (int Status, TimeSpan? RetryAfter, bool Keeps, string Body)? Read(byte[] input, int piece)
    {
        try
        {
            using var response = new HttpResponseReader(new Pieces(input, Math.Max(1, piece))).Read();
            return (response.Status, response.RetryAfter, response.KeepsConnection, Encoding.Latin1.GetString(response.Body.Span));
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException)
        {
            return null;
        }
    }

    private sealed class Pieces(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
