using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Opx.Protocol.Tests;

/// <summary>What the daemon writes the client reads, byte for byte.</summary>
public sealed class ResponseTests
{
    public static IEnumerable<byte[]> Values
    {
        get
        {
            var random = new Random(20_261_122);
            for (var i = 0; i < 300; i++)
            {
                var bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
                yield return bytes;
            }

            for (var c = 0; c < 0x100; c++)
                yield return Encoding.UTF8.GetBytes($"<{(char)c}>\n");
            yield return Encoding.UTF8.GetBytes("\u202e\u2028\u2029\ufeff😀\"\\/</script>{{ op://v/i/f }}\r\nNAME=x\0");
            yield return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 4_096).Select(i => (char)(i % 0x250 + 1) + "\n")));
            yield return [.. Enumerable.Repeat((byte)'\\', 65_536)];
            yield return [.. Enumerable.Repeat((byte)0xff, 65_536)];
            yield return [0xed, 0xa0, 0x80];
        }
    }

    [Fact]
    public void Every_value_comes_out_of_read_as_it_went_in()
    {
        foreach (var value in Values)
        {
            var body = ProtocolJson.Bytes(writer => ReadResponse.Write(writer, "op://v/i/\"f\u2028", value, true, 77, 1_795_305_600));
            var parsed = ReadResponse.Parse(body)!;

            Assert.Equal(value, parsed.Value);
            Assert.Equal(("op://v/i/\"f\u2028", true, 77, 1_795_305_600), (parsed.Ref, parsed.FromCache, parsed.ExpiresInSeconds, parsed.ResolvedAtUnix));
            Assert.Equal(!Utf8.IsValid(value), JsonDocument.Parse(body).RootElement.TryGetProperty("value_base64", out _));
        }
    }

    [Fact]
    public void Every_value_comes_out_of_resolve_as_it_went_in()
    {
        var values = Values.ToArray();
        var names = values.Select((_, i) => $"V{i}").ToArray();

        using var document = JsonDocument.Parse(ProtocolJson.Bytes(writer => ResolveResponse.Write(writer, names, i => values[i])));
        var (env, binary) = (document.RootElement.GetProperty("env"), document.RootElement.GetProperty("env_base64"));

        Assert.Equal(names, env.EnumerateObject().Select(member => member.Name));
        for (var i = 0; i < values.Length; i++)
        {
            if (binary.TryGetProperty(names[i], out var base64))
                Assert.Equal(("", values[i]), (env.GetProperty(names[i]).GetString(), base64.GetBytesFromBase64()), new PairComparer());
            else
                Assert.Equal(values[i], Encoding.UTF8.GetBytes(env.GetProperty(names[i]).GetString()!));
        }
    }

    [Fact]
    public void An_error_among_reads_is_a_problem_and_never_a_value()
    {
        var body = ProtocolJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("results");
            writer.WritePropertyName("op://v/i/bad");
            ReadsResponse.WriteError(writer, "op://v/i/bad", new Problem(ErrorCode.NotFound, "no such \"item\""));
            writer.WritePropertyName("op://v/i/good");
            ReadResponse.Write(writer, "op://v/i/good", "value"u8, false, 0, 1);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });

        var results = ReadsResponse.Parse(body)!.Results;

        Assert.Equal(new Problem(ErrorCode.NotFound, "no such \"item\"", "op://v/i/bad"), results["op://v/i/bad"].Problem);
        Assert.Null(results["op://v/i/bad"].Response);
        Assert.Equal("value"u8, results["op://v/i/good"].Response!.Value);
    }

    [Fact]
    public void An_error_that_this_version_does_not_know_is_still_an_error()
    {
        var results = ReadsResponse.Parse("""{"new":[1],"results":{"r":{"ref":"r","value":"","error":{"code":"quantum","message":"x"}}}}"""u8)!.Results;

        Assert.NotNull(results["r"].Problem);
        Assert.Null(results["r"].Response);
    }

    [Theory]
    [InlineData("""{"ref":"r"}""")]
    [InlineData("""{"value":"x"}""")]
    [InlineData("{}")]
    public void An_answer_without_a_value_is_no_empty_value(string body) => Assert.Null(ReadResponse.Parse(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_problem_is_read_as_it_was_written()
    {
        var problem = new Problem(ErrorCode.PromptDismissed, "try again", "op://v/i/f", "id:1");

        Assert.Equal(problem, Problem.Read(ProtocolJson.Bytes(writer => problem.Write(writer))));
        Assert.Null(Problem.Read("not json"u8.ToArray()));
        Assert.Null(Problem.Read("[]"u8.ToArray()));
        Assert.Null(Problem.Read("{}"u8.ToArray()));
    }

    [Theory]
    [InlineData("""{"ref":"op://v/i/f","value":"x"}{""")]
    [InlineData("""{"results":{}} x""")]
    public void What_goes_on_after_the_answer_makes_it_none(string body)
    {
        Assert.ThrowsAny<JsonException>(() => ReadResponse.Parse(Encoding.UTF8.GetBytes(body)));
        Assert.ThrowsAny<JsonException>(() => ReadsResponse.Parse(Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void Every_code_has_a_name_a_title_and_a_status_of_its_own_kind()
    {
        var codes = Enum.GetValues<ErrorCode>();

        Assert.Equal(codes.Length, codes.Select(code => code.Name()).Distinct().Count());
        Assert.Equal(codes.Length, codes.Select(code => code.Title()).Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[a-z]+(_[a-z]+)*$", code.Name()));
        Assert.All(codes, code => Assert.InRange(code.Status(), 400, 504));
        Assert.All(codes, code => Assert.Equal(code, ErrorCodes.Parse(code.Name())));
        Assert.Equal([ErrorCode.Internal], codes.Where(code => code.Status() == 500));
        Assert.Null(ErrorCodes.Parse("NOT_FOUND"));
        Assert.Null(ErrorCodes.Parse(null));
    }

    private sealed class PairComparer : IEqualityComparer<(string? Text, byte[] Bytes)>
    {
        public bool Equals((string? Text, byte[] Bytes) x, (string? Text, byte[] Bytes) y) => x.Text == y.Text && x.Bytes.AsSpan().SequenceEqual(y.Bytes);

        public int GetHashCode((string? Text, byte[] Bytes) pair) => pair.Bytes.Length;
    }
}
