using System.Buffers;
using System.Text.Json;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Plain;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>
/// The body of a request: read as the second implementation reads it or refused where that refuses, the same wherever the wire splits it, and
/// written and read again it says the same.
/// </summary>
internal sealed class BodyTarget<T>(
    string name, int weight, Action<JsonMaker, Choices> make, BodyTarget<T>.Parser parse, Func<JsonElement, string> plain, Func<T, string> said, Action<T, Utf8JsonWriter> write)
    : Target(name, weight)
    where T : class
{
    public delegate Parsed<T> Parser(in ReadOnlySequence<byte> body);

    public override byte[] Generate(Choices choices) => JsonMaker.Document(choices, maker => make(maker, choices));

    public override void Check(byte[] input)
    {
        var expected = PlainBodies.Of(input, plain);
        var whole = parse(new ReadOnlySequence<byte>(input));
        Oracle.Same(Said(whole), Said(parse(Pieces.Of(input))), "read in pieces");
        Oracle.Holds(whole.Value is null != whole.Problem is null, "neither or both of value and problem");
        if (whole.Problem is { } problem)
        {
            Oracle.IsFit(problem.Detail, input);
            Oracle.Holds(problem.Code is ErrorCode.BadRequest or ErrorCode.UnsupportedFlag or ErrorCode.TooLarge, $"the code {problem.Code}");
            Oracle.Holds(expected is null, $"refused without a reason: {problem.Detail}");
            return;
        }

        Oracle.Same(expected, said(whole.Value!), "the body");
        var again = parse(new ReadOnlySequence<byte>(ProtocolJson.Bytes(writer => write(whole.Value!, writer))));
        Oracle.Same(expected, again.Value is { } value ? said(value) : again.Problem!.Detail, "written and read again");
        (whole.Value as IDisposable)?.Dispose();
        (again.Value as IDisposable)?.Dispose();
    }

    // Where a body is malformed depends on nothing but its bytes.
    private string Said(Parsed<T> parsed) => parsed.Value is { } value ? said(value) : $"{parsed.Problem!.Code}: {parsed.Problem.Detail}";
}

/// <summary>Bytes in many segments, as a connection may bring them.</summary>
internal static class Pieces
{
    public static ReadOnlySequence<byte> Of(byte[] bytes)
    {
        var first = new Piece(default, 0);
        var (last, at) = (first, 0);
        for (var i = 0; at < bytes.Length; i++)
        {
            var length = Math.Min(bytes.Length - at, 1 + (bytes[at] + i) % 7 + (bytes.Length / 64));
            last = last.Then(bytes.AsMemory(at, length));
            at += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long at) => (Memory, RunningIndex) = (memory, at);

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
