using System.Buffers;
using System.Text;

namespace Opx.Protocol.Tests;

/// <summary>Bodies are read strictly: whatever two readers of JSON could understand differently is refused.</summary>
public sealed class RequestParsingTests
{
    private static readonly string[] Kinds = ["read", "reads", "resolve", "invalidate", "empty"];

    public static TheoryData<string, string> Malformed
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in Kinds)
            {
                var (member, value) = Member(kind);
                var whole = $$"""{"{{member}}":{{value}}}""";
                foreach (var body in (string[])
                [
                    "null", "[]", "\"text\"", "1", "{", whole + "x", whole + whole, whole + ",", "// comment\n" + whole, "/**/" + whole, "\ufeff" + whole, " \0" + whole,
                    $$"""{"{{member}}":{{value}},}""", $$"""{"{{member}}":{{value}} "fresh":true}""", $$"""{'{{member}}':{{value}}}""", $$"""{"{{member}}":{{value}},"unknown":1}""",
                    whole[..^1] + ",\"unknown\":{\"deep\":[[[[[[[[[[1]]]]]]]]]]}}", $$"""{"{{member}}":{{value}},"\ud800":1}""", $$"""{"{{member.ToUpperInvariant()}}":{{value}}}""",
                    "{\"" + member + "\":" + new string('[', 5_000), new string('{', 10), "{\"a\":" + new string('[', 9) + new string(']', 9) + "}",
                ])
                    data.Add(kind, body);
                if (kind == "empty")
                    continue;
                foreach (var body in (string[])
                [
                    "", " ", "{}", $$"""{"{{member}}":null}""", $$"""{"{{member}}":1}""", $$"""{"{{member}}":true}""",
                    $$"""{"{{member}}":{{value}},"{{member}}":{{value}}}""", $$"""{"{{member}}":{{value}},"\u00{{(int)member[0]:x}}{{member[1..]}}":{{value}}}""",
                ])
                    data.Add(kind, body);
            }

            foreach (var kind in (string[])["read", "reads", "resolve"])
            {
                var (member, value) = Member(kind);
                foreach (var more in (string[])
                [
                    "\"fresh\":null", "\"fresh\":1", "\"fresh\":\"true\"", "\"fresh\":true,\"fresh\":true", "\"flags\":\"--account=a\"", "\"flags\":{}", "\"flags\":[1]", "\"flags\":[null]",
                    "\"flags\":[],\"flags\":[]", "\"flags\":[],\"fla\\u0067s\":[]", "\"account\":\"a\"", "\"ttl\":5",
                ])
                    data.Add(kind, $$"""{"{{member}}":{{value}},{{more}}}""");
            }

            foreach (var body in (string[])["""{"all":false}""", """{"all":null}""", """{"all":1}""", """{"all":true,"all":true}""", """{"refs":[1]}""", """{"refs":[null]}"""])
                data.Add("invalidate", body);
            foreach (var body in (string[])["""{"ref":["op://v/i/f"]}""", """{"ref":{"ref":"x"}}"""])
                data.Add("read", body);
            foreach (var body in (string[])["""{"refs":"op://v/i/f"}""", """{"refs":[["op://v/i/f"]]}""", """{"refs":[null]}"""])
                data.Add("reads", body);
            foreach (var name in (string[])["", "1A", "A-B", "A B", "A=B", "Ä", "A\\u0000", "A\\n", "LD.X"])
                data.Add("resolve", $$$"""{"env":{"{{{name}}}":"op://v/i/f"}}""");
            foreach (var body in (string[])["""{"env":[]}""", """{"env":{"A":1}}""", """{"env":{"A":null}}""", """{"env":{"A":"x","A":"x"}}""", """{"env":{"A":"x","\u0041":"x"}}"""])
                data.Add("resolve", body);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_body_is_a_bad_request(string kind, string body) => AssertRefused(ErrorCode.BadRequest, kind, Encoding.UTF8.GetBytes(body));

    [Fact]
    public void Text_that_is_not_utf_8_is_a_bad_request_in_names_and_in_values()
    {
        foreach (var kind in Kinds)
        {
            AssertRefused(ErrorCode.BadRequest, kind, [.. "{\""u8, 0xff, 0xfe, .. "\":1}"u8]);
            AssertRefused(ErrorCode.BadRequest, kind, [0xff, .. "{}"u8]);
        }

        AssertRefused(ErrorCode.BadRequest, "read", [.. "{\"ref\":\"op://v/"u8, 0xc3, .. "\"}"u8]);
        AssertRefused(ErrorCode.BadRequest, "reads", [.. "{\"refs\":[\"op://v/"u8, 0xed, 0xa0, 0x80, .. "\"]}"u8]);
        AssertRefused(ErrorCode.BadRequest, "resolve", [.. "{\"env\":{\"A\":\""u8, 0xc0, 0xaf, .. "\"}}"u8]);
        AssertRefused(ErrorCode.BadRequest, "read", [.. "{\"ref\":\"x\",\"flags\":[\"--account="u8, 0x80, .. "\"]}"u8]);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00\\ud800")]
    [InlineData("\\ud83dx")]
    public void Half_a_surrogate_pair_is_a_bad_request(string half)
    {
        AssertRefused(ErrorCode.BadRequest, "read", Encoding.UTF8.GetBytes($$"""{"ref":"op://v/i/{{half}}"}"""));
        AssertRefused(ErrorCode.BadRequest, "reads", Encoding.UTF8.GetBytes($$"""{"refs":["{{half}}"]}"""));
        AssertRefused(ErrorCode.BadRequest, "resolve", Encoding.UTF8.GetBytes($$$"""{"env":{"{{{half}}}":"x"}}"""));
    }

    [Theory]
    [InlineData("--vault=x")]
    [InlineData("--account")]
    [InlineData("--account=")]
    [InlineData("--account=-x")]
    [InlineData("--account=a b")]
    [InlineData("--account=a;b")]
    [InlineData("--account=ä")]
    [InlineData("-account=a")]
    [InlineData("--Account=a")]
    [InlineData("")]
    [InlineData("--account=a\",\"--account=b")]
    [InlineData("--account=a\",\"--session=b")]
    public void A_flag_that_names_no_account_is_an_unsupported_flag(string flags)
    {
        foreach (var kind in (string[])["read", "reads", "resolve"])
        {
            var (member, value) = Member(kind);
            AssertRefused(ErrorCode.UnsupportedFlag, kind, Encoding.UTF8.GetBytes($$"""{"{{member}}":{{value}},"flags":["{{flags}}"]}"""));
        }
    }

    [Theory]
    [InlineData("""{"ref":"r"}""", null, false)]
    [InlineData("""{"ref":"r","flags":null}""", null, false)]
    [InlineData("""{"ref":"r","flags":[],"fresh":false}""", null, false)]
    [InlineData("""{"flags":["--account=my.1password.com"],"fresh":true,"ref":"r"}""", "my.1password.com", true)]
    [InlineData("""{"ref":"r","flags":["--account=a@b_c:d/e-1","--account=a@b_c:d/e-1"]}""", "a@b_c:d/e-1", false)]
    [InlineData(" \r\n\t{ \"r\\u0065f\" : \"\\u0072\" } \n", null, false)]
    public void A_read_is_understood_in_every_form_that_means_one_thing(string body, string? account, bool fresh)
    {
        var parsed = ReadRequest.Parse(Sequence(Encoding.UTF8.GetBytes(body)));

        Assert.Null(parsed.Problem);
        Assert.Equal(new ReadRequest("r", account, fresh), parsed.Value);
    }

    [Fact]
    public void A_thousand_references_are_taken_and_one_more_is_too_large()
    {
        string Refs(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"r{i}\""));
        string Env(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"V{i}\":\"r\""));

        Assert.Equal(1_000, ReadsRequest.Parse(Bytes($$"""{"refs":[{{Refs(1_000)}}]}""")).Value!.Refs.Count);
        Assert.Equal(1_000, ResolveRequest.Parse(Bytes($$$"""{"env":{{{{Env(1_000)}}}}}""")).Value!.Env.Count);
        AssertRefused(ErrorCode.TooLarge, "reads", Encoding.UTF8.GetBytes($$"""{"refs":[{{Refs(1_001)}}]}"""));
        AssertRefused(ErrorCode.TooLarge, "invalidate", Encoding.UTF8.GetBytes($$"""{"refs":[{{Refs(1_001)}}]}"""));
        AssertRefused(ErrorCode.TooLarge, "resolve", Encoding.UTF8.GetBytes($$$"""{"env":{{{{Env(1_001)}}}}}"""));
    }

    [Fact]
    public void Nothing_and_an_empty_object_both_ask_for_nothing()
    {
        Assert.NotNull(EmptyRequest.Parse(Bytes("")).Value);
        Assert.NotNull(EmptyRequest.Parse(Bytes(" {} ")).Value);
    }

    [Fact]
    public void What_our_client_writes_the_daemon_reads()
    {
        var read = new ReadRequest("op://v/i/\"ü\u202e", "acme", true);
        var reads = new ReadsRequest(["a", "b\\c"], "acme", true);
        var resolve = new ResolveRequest([new("B", "x"), new("A", "y")], null, true);

        Assert.Equal(read, ReadRequest.Parse(Sequence(ProtocolJson.Bytes(read.Write))).Value);
        var parsedReads = ReadsRequest.Parse(Sequence(ProtocolJson.Bytes(reads.Write))).Value!;
        Assert.Equal(reads.Refs, parsedReads.Refs);
        Assert.Equal((reads.Account, reads.Fresh), (parsedReads.Account, parsedReads.Fresh));
        Assert.Equal(resolve.Env, ResolveRequest.Parse(Sequence(ProtocolJson.Bytes(resolve.Write))).Value!.Env);
        Assert.True(InvalidateRequest.Parse(Sequence(ProtocolJson.Bytes(new InvalidateRequest([], All: true).Write))).Value!.All);
        Assert.Equal(["a"], InvalidateRequest.Parse(Sequence(ProtocolJson.Bytes(new InvalidateRequest(["a"], All: false).Write))).Value!.Refs);
    }

    private static (string Member, string Value) Member(string kind) => kind switch
    {
        "read" => ("ref", "\"op://v/i/f\""),
        "resolve" => ("env", """{"A":"op://v/i/f"}"""),
        _ => ("refs", "[\"op://v/i/f\"]"),
    };

    private static void AssertRefused(ErrorCode code, string kind, byte[] body)
    {
        // Whole, and cut into pieces: what came in one packet and what did not are the same body.
        foreach (var sequence in (ReadOnlySequence<byte>[])[new(body), Sequence(body)])
        {
            var (value, problem) = kind switch
            {
                "read" => Both(ReadRequest.Parse(sequence)),
                "reads" => Both(ReadsRequest.Parse(sequence)),
                "resolve" => Both(ResolveRequest.Parse(sequence)),
                "invalidate" => Both(InvalidateRequest.Parse(sequence)),
                _ => Both(EmptyRequest.Parse(sequence)),
            };
            Assert.Null(value);
            Assert.Equal(code, problem!.Code);
            Assert.DoesNotContain(problem.Detail, char.IsControl);
        }

        static (object?, Problem?) Both<T>(Parsed<T> parsed)
            where T : class => (parsed.Value, parsed.Problem);
    }

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>The bytes in pieces of at most seven.</summary>
    private static ReadOnlySequence<byte> Sequence(byte[] bytes)
    {
        var first = new Piece(ReadOnlyMemory<byte>.Empty, 0);
        var last = first;
        for (var at = 0; at < bytes.Length; at += 7)
            last = last.Append(bytes.AsMemory(at, Math.Min(7, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
