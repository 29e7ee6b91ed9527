using System.Text;
using System.Text.Json;
using Opx.Client;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Plain;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>
/// Bodies of answers. A value is one that stands there, and never beside an error; and each input as a value, written by the daemon, is the
/// same bytes for a reader of JSON and for the client.
/// </summary>
internal sealed class ClientAnswerTarget() : Target("client-answer", 6)
{
    public override byte[] Generate(Choices choices) => JsonMaker.Document(choices, maker =>
    {
        void One() => maker.Object(
            ("ref", () => maker.String("op://v/i/f")), ("value", () => maker.String(Words.Text(choices))), (choices.Of("value_base64", "from_cache", "x"), () => maker.String("AAEC")),
            ("expires_in_seconds", () => maker.Number(60)), (choices.Of("error", "error", "y"), () => maker.Object(("code", () => maker.String(choices.Of("not_found", "what"))), ("message", () => maker.String("no")))));
        if (choices.Chance(50))
            One();
        else
            maker.Object(("results", () => maker.Object(("op://v/i/f", One), ("b", One))));
    });

    public override void Check(byte[] input)
    {
        CheckWritten(input);
        var read = AnswerReader.Read(new HttpResponse(200, null, true, null, [.. input], input.Length), body => ReadResponse.Parse(body.Span));
        Oracle.Holds(read.Value is null != read.Problem is null, "neither or both of value and problem");
        if (read.Problem is { } problem)
            Oracle.IsFit(problem.Detail);
        using var document = PlainJson.Parse(input);
        if (read.Value is { } value)
        {
            var root = document!.RootElement;
            Oracle.Holds(!root.TryGetProperty("error", out var error) || error.ValueKind == JsonValueKind.Null, "a value beside an error");
            Oracle.SameBytes(
                root.TryGetProperty("value_base64", out var base64) ? base64.GetBytesFromBase64() : Encoding.UTF8.GetBytes(root.GetProperty("value").GetString()!), value.Value, "the value");
        }

        var many = AnswerReader.Read(new HttpResponse(200, null, true, null, [.. input], input.Length), body => ReadsResponse.Parse(body.Span));
        foreach (var (_, result) in many.Value?.Results ?? new Dictionary<string, ReadResult>())
            Oracle.Holds(result.Response is null != result.Problem is null, "neither or both of value and problem");
        var failed = AnswerReader.Read(new HttpResponse(404, null, true, null, [.. input], input.Length), body => ReadResponse.Parse(body.Span));
        Oracle.Holds(failed is { Value: null, Problem: not null }, "a value with status 404");
    }

    private static void CheckWritten(byte[] value)
    {
        var written = ProtocolJson.Bytes(writer => ReadResponse.Write(writer, "op://v/i/f", value, fromCache: true, 60, 1));
        using var document = JsonDocument.Parse(written);
        var root = document.RootElement;
        Oracle.SameBytes(value, root.TryGetProperty("value_base64", out var base64) ? base64.GetBytesFromBase64() : Encoding.UTF8.GetBytes(root.GetProperty("value").GetString()!), "the value, by a reader of JSON");
        Oracle.SameBytes(value, ReadResponse.Parse(written)!.Value, "the value, by the client");
        var env = ProtocolJson.Bytes(writer => ResolveResponse.Write(writer, ["A"], _ => value));
        using var resolved = JsonDocument.Parse(env);
        Oracle.SameBytes(
            value, resolved.RootElement.TryGetProperty("env_base64", out var binary) ? binary.GetProperty("A").GetBytesFromBase64()
                : Encoding.UTF8.GetBytes(resolved.RootElement.GetProperty("env").GetProperty("A").GetString()!), "the variable, by a reader of JSON");
    }
}
